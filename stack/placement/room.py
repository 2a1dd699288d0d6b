"""Whether a host's disk has room for what a release brings."""

from stack.placement.place import Placement

VIRTUALENV_BYTES = 150_000_000
"""Django with its compiled bytecode takes 60 MB, and pip some room of its own meanwhile."""
SPARE_BYTES = 20_000_000
"""For logs, and for what the site itself writes meanwhile."""


def lacks_room(here: Placement) -> str:
    """What is wrong with the disk, for a person; empty when there is room.

    A disk that runs full in the middle of a release hurts the site that is being served, whose
    database and logs lie on it.
    """
    free = here.seen.free_bytes
    if free is None:
        return ""
    needed = SPARE_BYTES
    if not here.has(".built"):
        # The code, the archive that it comes in, and its static files once more.
        needed += 3 * _unpacked_bytes(here.release.source.archive())
    if not here.has_virtualenv:
        needed += VIRTUALENV_BYTES
    if free >= needed:
        return ""
    return (
        f"the disk of {here.release.project.releases} has {free / 1e6:,.0f} MB free, and this "
        f"release needs about {needed / 1e6:,.0f} MB. Make room there, or lower keep_releases."
    )


def _unpacked_bytes(archive: bytes) -> int:
    # The last four bytes of a gzip file (RFC 1952).
    return int.from_bytes(archive[-4:], "little")
