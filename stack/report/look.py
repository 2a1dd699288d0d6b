"""The files with which a Django project can be deployed."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pyinfra import host, inventory
from pyinfra.api.exceptions import DeployError

from stack.looking import LookingError, look, printed
from stack.report.report import ReportError
from stack.run.only_reads import only_reads
from stack.settings import Settings
from stack.settings.foreign import is_foreign
from stack.settings.paths import REVISION
from stack.settings.problem import shown
from stack.source import SourceError

TAKEN = ("source", "revision", "project", "server_name", "src")


def report() -> None:
    """Tell what is to be written, from the first host: no host is asked for anything.

    Raises:
        PyinfraError: the run does not compare (`-y`).
        DeployError: there is no source, or no Django project in it, or `--data` has a name that is
            of no use here; a line each.
        ReportError: with the files.
    """
    only_reads()
    if problems := [*_unknown(inventory.get_override_data())]:
        raise DeployError("\n".join(problems))
    source, revision = host.data.get("source"), host.data.get("revision", "HEAD")
    if not source:
        raise DeployError("source: is missing; expected --data source=../shop, a folder or a URL")
    if not isinstance(revision, str):
        # pyinfra has made a number of it: 1.10 would be 1.1.
        raise DeployError(f"revision = {shown(revision)}: expected {REVISION.expected}")
    given = (host.data.get(name) for name in ("project", "server_name", "src"))
    try:
        inventory_text, group_data = printed(look(str(source), revision, *given))
    except (LookingError, SourceError) as error:
        raise DeployError(str(error)) from None
    files = {"inventory.py": inventory_text, "group_data/all.py": group_data}
    raise ReportError(f"{inventory_text}\n{group_data}".rstrip("\n"), files, 0)


def _unknown(data: Mapping[str, object]) -> Iterator[str]:
    """What `--data` has that would be passed over: a file's settings may be there for others."""
    for name, value in data.items():
        if name in TAKEN or is_foreign(name, value):
            continue
        # Text may be a secret at the wrong place; it is not shown.
        start = f"{name} = {value}" if isinstance(value, int) else name
        near = [one for one in TAKEN if len(name) > 1 and one.startswith(name)]
        near = near or get_close_matches(name, TAKEN, n=1)
        expected = "expected source, revision, project, server_name or src"
        if name in Settings.model_fields:
            yield f"{start}: look.py finds it, or leaves it to you; {expected}"
        elif near:
            yield f"{start}: no such setting; did you mean {near[0]}?"
        else:
            yield f"{start}: no such setting; {expected}"
