"""Whether a host's disk has room for what a release brings."""

import tarfile
from functools import cache

from stack.source import Source
from stack.state.placement import Placement

VIRTUALENV_BYTES = 150_000_000
"""Django with its compiled bytecode takes 60 MB, and pip some room of its own meanwhile."""
VIRTUALENV_INODES = 15_000
"""Files and folders: Django with its bytecode has 8,000."""
SPARE_BYTES = 20_000_000
"""For logs, and for what the site itself writes meanwhile."""
SPARE_INODES = 1_000


def lacks_room(here: Placement) -> str:
    """What is wrong with the disk, for a person; empty when there is room.

    A disk that runs full in the middle of a release hurts the site that is being served, whose
    database and logs lie on it.
    """
    seen, disk = here.seen, here.target.layout.releases
    mend = "Free some space there, or lower keep_releases."
    needed = _needed_bytes(here)
    if seen.free_bytes is not None and seen.free_bytes < needed:
        return (
            f"the disk of {disk} has {seen.free_bytes / 1e6:,.0f} MB free, and this release needs "
            f"about {needed / 1e6:,.0f} MB. {mend}"
        )
    needed = _needed_inodes(here)
    # Some file systems have no fixed number of them, and say that none are free.
    if seen.free_inodes and seen.free_inodes < needed:
        return (
            f"the disk of {disk} has inodes for {seen.free_inodes:,} more files, and this release "
            f"needs about {needed:,}. {mend}"
        )
    return ""


def _needed_bytes(here: Placement) -> int:
    needed = SPARE_BYTES
    if not here.has(".built"):
        # The code, the archive that it comes in, and its static files once more.
        needed += 3 * here.release.source.archive().size
    return needed if here.has_virtualenv else needed + VIRTUALENV_BYTES


def _needed_inodes(here: Placement) -> int:
    needed = SPARE_INODES
    if not here.has(".built"):
        needed += 2 * _members(here.release.source)
    return needed if here.has_virtualenv else needed + VIRTUALENV_INODES


@cache
def _members(source: Source) -> int:
    with tarfile.open(fileobj=source.archive().reader(), mode="r:") as archive:
        return len(archive.getmembers())
