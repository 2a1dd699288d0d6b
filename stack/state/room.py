"""Whether a host's disk has room for what a release brings."""

import tarfile
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from stack.source import Source
from stack.state.history import live_folder
from stack.state.placement import Placement
from stack.state.superfluous import superfluous

FEWEST = 2
"""Of the releases that are there: the live one, and the one before it."""

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
    lowered = here.target.settings.keep_releases > FEWEST and gone_for_room(here, FEWEST)
    mend = f"Free some space there{', or lower keep_releases' if lowered else ''}."
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


def gone_for_room(here: Placement, keep: int, besides: Collection[str] = ()) -> list[str]:
    """Paths of old releases and virtualenvs that can go before the release comes.

    Until it is live, what is live and what was live before it stay, to be gone back to.

    Args:
        keep: how many releases of those that are there are to stay.
        besides: paths of those that stay, whatever they are.
    """
    settings = here.target.settings.model_copy(update={"keep_releases": max(keep, FEWEST) + 1})
    live = str(here.target.layout.releases / live_folder(here))
    its = replace(here, target=replace(here.target, settings=settings))
    return superfluous(its, besides=[live, *besides])


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
