"""The swap file: pure functions of what was read."""

import re

from stack.host.files import out_of_place
from stack.host.observation import Observation, Unit
from stack.project.host_wide import SWAP, SWAP_UNIT
from stack.project.target import Target
from stack.state.neighbours import neighbours

UNITS = {"M": 2**20, "G": 2**30}
_SIZE = re.compile(r"[0-9]+[MG]")


def bytes_of(size: str) -> int:
    """A size of the settings, such as "512M"."""
    return int(size[:-1]) * UNITS[size[-1]]


def are_one(size: str, other: str) -> bool:
    """Whether two sizes are the same in bytes.

    Args:
        size: one of the settings.
        other: what is written down of another project.
    """
    return size == other or bool(_SIZE.fullmatch(other) and bytes_of(size) == bytes_of(other))


def is_on(seen: Observation, size: str) -> bool:
    """Whether the host swaps to a file of that size, now and after a boot."""
    unit = seen.units.get(SWAP_UNIT, Unit())
    is_made = seen.swap_file == f"{bytes_of(size)} 600 root" and seen.swaps
    is_read = unit.enabled == "enabled" and not unit.is_stale
    return is_made and is_read and not out_of_place([SWAP], seen.entries)


def trouble(seen: Observation, size: str) -> str:
    """What is wrong with the swap that a host is to have, for a person; empty when nothing."""
    if not size or is_on(seen, size):
        return ""
    if not seen.swaps:
        return f"the host does not swap to its file of {size}"
    made = int(seen.swap_file.partition(" ")[0] or 0)
    if made != bytes_of(size):
        return f"the file has {made // UNITS['M']}M, in place of {size}"
    return "is in use, and not as declared"


def is_superfluous(seen: Observation, target: Target) -> bool:
    """Whether there is any of it on a host of which no project asks for it."""
    others = neighbours(seen, target.layout.user)
    if target.settings.swap or any(one.swap for one in others):
        return False
    return is_there(seen)


def is_there(seen: Observation) -> bool:
    """Whether there is any of it, whoever asks for it."""
    return bool(SWAP.path in seen.entries or seen.swap_file or seen.swaps)
