"""What runs the app, for projects that do not name it."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from stack.requirements.lines import logical_lines, name_in

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
NEEDS = {
    "gunicorn": ("gunicorn", "packaging"),
    "uvicorn-worker": ("uvicorn-worker", "uvicorn", "click", "h11"),
    "websockets": ("websockets",),
    "uwsgi": ("uwsgi",),
}
"""What may be added, each with what it needs in turn."""
FROM_SOURCE = {
    "uwsgi": "uwsgi==2.0.31 "
    "--hash=sha256:e8f8b350ccc106ff93a65247b9136f529c14bf96b936ac5b264c6ff9d0c76257"
}
"""Those that this project does not install itself, as that would compile them: name and line."""


def lines_to_add(
    wanted: Collection[str],
    names: Collection[str],
    constraints: Mapping[str, str],
    *,
    hashed: bool,
) -> list[str]:
    """The lines that a requirements file lacks, for the same call of pip as the others.

    So they are found by the same indexes, and kept to the same constraints. Beside hashes, pip
    takes nothing without one: then they are the constraints' own, else the versions that this
    project itself is locked to.

    Args:
        wanted: packages that the virtualenv has to have, of those in NEEDS.
        names: what the file installs already.
        constraints: lines by the names that they constrain.
        hashed: whether it has hashes.
    """
    missing = [name for name in wanted if name not in names]
    if not hashed:
        return missing
    own = {name: line for name, line in constraints.items() if "--hash" in line}
    needed = dict.fromkeys(name for one in missing for name in NEEDS[one] if name not in names)
    return [own.get(name) or _locked()[name] for name in needed]


@cache
def _locked() -> dict[str, str]:
    lines = logical_lines(LOCK.read_text("utf-8"))
    needed = {name for names in NEEDS.values() for name in names}
    return FROM_SOURCE | {name: line for line in lines if (name := name_in(line)) in needed}
