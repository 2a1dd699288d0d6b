"""Gunicorn, for projects that do not name it."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from stack.requirements.lines import logical_lines, name_in

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
NEEDED = ("gunicorn", "packaging")
"""Gunicorn, and what it needs in turn."""


def lines_to_add(
    names: Collection[str], constraints: Mapping[str, str], *, hashed: bool
) -> list[str]:
    """The lines that a requirements file lacks, for the same call of pip as the others.

    So they are found by the same indexes, and kept to the same constraints. Beside hashes, pip
    takes nothing without one: then they are the constraints' own, else the versions that this
    project itself is locked to.

    Args:
        names: what the file installs already.
        constraints: lines by the names that they constrain.
        hashed: whether it has hashes.
    """
    if "gunicorn" in names:
        return []
    if not hashed:
        return ["gunicorn"]
    own = {name: line for name, line in constraints.items() if "--hash" in line}
    return [own.get(name) or _locked()[name] for name in NEEDED if name not in names]


@cache
def _locked() -> dict[str, str]:
    lines = logical_lines(LOCK.read_text())
    return {name: line for line in lines if (name := name_in(line)) in NEEDED}
