"""Releases and virtualenvs, by their names.

Their folders are the user's, who fills them as he likes, and puts symlinks in their place.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from .system import SwitchError

MOST_LOOKED_AT = 1000
"""Of what is in a folder, for a person who has mistyped a name."""
MOST_TOLD = 20


def whole(parent: Path, name: str) -> Path:
    """A folder that was built; a person may have mistyped its name.

    Raises:
        SwitchError: there is none of that name, and which there are.
    """
    try:
        with _opened(parent) as folder:
            if _is_built(folder, name):
                return parent / name
            kept = _kept(folder)
    except OSError as error:
        raise SwitchError(f"{parent} cannot be read as a folder: {error.strerror}.") from None
    raise SwitchError(f"{parent} has no {name} that was built; it has {kept}.")


def _kept(folder: int) -> str:
    with os.scandir(folder) as there:
        looked_at = [one.name for one in islice(there, MOST_LOOKED_AT)]
        is_all = next(there, None) is None
    kept = sorted(name for name in looked_at if _is_built(folder, name))
    told = kept[:MOST_TOLD]
    return ", ".join(told + ["more"] * (not is_all or kept > told)) or "none"


def _is_built(folder: int, name: str) -> bool:
    if "/" in name or name in (".", ".."):
        return False
    try:
        with _opened(name, folder) as one:
            return stat.S_ISREG(os.stat(".built", dir_fd=one, follow_symlinks=False).st_mode)
    except (OSError, ValueError):
        return False


@contextmanager
def _opened(path: str | Path, folder: int | None = None) -> Iterator[int]:
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        yield opened
    finally:
        os.close(opened)
