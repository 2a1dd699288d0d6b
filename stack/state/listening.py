"""Whether the app server can make the socket that the settings ask for: of what was read."""

from pathlib import PurePosixPath as Path

from stack.host.observation import Entry
from stack.project.target import Target
from stack.state.placement import Placement

SOCKET = "unix:"


def socket_folder(target: Target) -> Path | None:
    """The folder of the socket; None where it is in the home, or the app server takes a port.

    What is in the home changes in a run.
    """
    bind, home = target.settings.bind, target.layout.home
    folder = Path(bind.removeprefix(SOCKET)).parent
    is_outside = home not in (folder, *folder.parents)
    return folder if bind.startswith(SOCKET) and is_outside else None


def shut_out(here: Placement) -> str:
    """Why it cannot, and what to do, as the host would say it; empty when that is not sure.

    The host looks itself, and sees what is not read: access lists, and where a link leads.
    """
    target, user, home = here.target, here.target.layout.user, here.target.layout.home
    folder = socket_folder(target)
    if folder is None:
        return ""
    entry = here.seen.entries.get(str(folder))
    if entry is None:
        why = f"{user} finds no folder {folder}"
    elif _is_shut(entry, user):
        why = f"{user} cannot create a socket in {folder}"
    else:
        return ""
    return (
        f'bind = "{target.settings.bind}": {why}; set bind to a path in the '
        f"project's home, such as {SOCKET}{home}/gunicorn.sock."
    )


def _is_shut(entry: Entry, user: str) -> bool:
    """Whether somebody may surely not write in a folder."""
    if entry.kind != "directory":
        return entry.kind != "link"
    mode = int(entry.mode, 8)
    # An access list for him shows as the group's.
    return not mode & (0o200 if entry.owner == user else 0o022)
