"""Whether the app server can make the socket that the settings ask for: of what was read."""

from pathlib import PurePosixPath as Path

from stack.host.observation import Entry
from stack.project.target import Target
from stack.state.placement import Placement, owners_of

UNIX = "unix:"
"""How a `bind` begins that is a socket's path, and no port."""


def socket_of(target: Target) -> Path | None:
    """The path of the socket; None where the app server takes a port."""
    bind = target.settings.bind
    return Path(bind.removeprefix(UNIX)) if bind.startswith(UNIX) else None


def socket_folder(target: Target) -> Path | None:
    """The folder of the socket; None where it is in the home, or the app server takes a port.

    What is in the home changes in a run.
    """
    socket, home = socket_of(target), target.layout.home
    return socket.parent if socket and home not in socket.parents else None


def why_no_socket(target: Target, socket: Path) -> tuple[str, str, str, str]:
    """Why it cannot, and what to do: in the order in which the host asks (can_listen.sh)."""
    user, folder = target.layout.user, socket.parent
    absent, shut, held, closed = (
        f'bind = "{UNIX}{socket}": {why}; set bind to a path in the project\'s home, such as '
        f"{UNIX}{target.layout.home}/gunicorn.sock."
        for why in (
            f"the folder {folder} does not exist, or {user} may not enter it",
            f"{user} cannot create a socket in {folder}",
            f"{socket} exists, and is not a socket",
            f"Nginx's user cannot pass through {folder}",
        )
    )
    return absent, shut, held, closed


def shut_out(here: Placement) -> str:
    """Why it cannot, and what to do, as the host would say it; empty when that is not sure.

    The host looks itself, and sees what is not read: access lists, and where a link leads.
    """
    target, socket = here.target, socket_of(here.target)
    folder = socket_folder(target)
    if socket is None or folder is None:
        return ""
    absent, shut, *_ = why_no_socket(target, socket)
    entry = here.seen.entries.get(str(folder))
    if entry is None:
        return absent
    return shut if _is_shut(entry, owners_of(target.layout, here.seen)) else ""


def _is_shut(entry: Entry, users: set[str]) -> bool:
    """Whether somebody may surely not write in a folder."""
    if entry.kind != "directory":
        return entry.kind != "link"
    mode = int(entry.mode, 8)
    # An access list for him shows as the group's.
    return not mode & (0o200 if entry.owner in users else 0o022)
