"""Removes what the user has left, which may be as much, and as deep, as he likes."""

from contextlib import suppress
from pathlib import Path

from .limited import TooLongError, run_limited
from .system import run

AT_ONCE_SECONDS = 2
"""How long a removal may take that is waited for: that of a few sockets takes a moment."""
LATER_SECONDS = 86_400
"""How long another may take: who is in a folder may go on making more of them."""
RM = ("/usr/bin/rm", "-rf", "--one-file-system", "--")


def remove(folder: Path, place: Path, unit: str) -> None:
    """Remove a folder of the user's, and whatever an earlier removal has left that was cut.

    What takes long is removed by and by, and nobody waits for it.

    Args:
        place: a folder beside it, to be root's alone: what is in there is nobody's any more.
        unit: of systemd's, to be made for what takes long.
    """
    gone = place / unit
    # What cannot be renamed, since it is where a disk is mounted, is removed where it is.
    with suppress(OSError):
        place.mkdir(mode=0o700, exist_ok=True)
        folder.rename(gone)
    with suppress(TooLongError):
        run_limited([*RM, str(folder), str(gone)], AT_ONCE_SECONDS)
    with suppress(OSError):
        place.rmdir()
    if left := [str(path) for path in (folder, place) if path.exists()]:
        _remove_later(left, unit)


def _remove_later(paths: list[str], unit: str) -> None:
    properties = ("Nice=19", "IOSchedulingClass=idle", f"RuntimeMaxSec={LATER_SECONDS}")
    options = [f"--property={one}" for one in properties]
    run(
        "systemd-run", "--quiet", "--collect", "--no-block", f"--unit={unit}", *options, *RM, *paths
    )
