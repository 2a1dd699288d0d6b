"""The files with which a Django project can be deployed."""

from pyinfra import host
from pyinfra.api.exceptions import DeployError

from stack.looking import LookingError, look, printed
from stack.report.report import ReportError, only_reads
from stack.settings.paths import REVISION
from stack.settings.problem import shown
from stack.source import SourceError


def report() -> None:
    """Tell what is to be written, from the first host: no host is asked for anything.

    Raises:
        PyinfraError: the run does not compare (`-y`).
        DeployError: there is no source, or no Django project in it; one line.
        ReportError: with the files.
    """
    only_reads()
    source, revision = host.data.get("source"), host.data.get("revision") or "HEAD"
    if not source:
        raise DeployError("source: is missing; expected --data source=../shop, a folder or a URL")
    if not isinstance(revision, str):
        # pyinfra has made a number of it: 1.10 would be 1.1.
        raise DeployError(f"revision = {shown(revision)}: expected {REVISION.expected}")
    try:
        inventory, group_data = printed(look(str(source), revision))
    except (LookingError, SourceError) as error:
        raise DeployError(str(error)) from None
    files = {"inventory.py": inventory, "group_data/all.py": group_data}
    raise ReportError(f"{inventory}\n{group_data}".rstrip("\n"), files, 0)
