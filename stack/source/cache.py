"""The controller's cache: what is costly to make again and may be deleted at any time."""

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

PAUSE_SECONDS = 0.1
MAKING = ".making"
"""How the names of folders end in which something is made; they begin with its own."""


def folder(name: str) -> Path:
    """A folder of the cache, made if need be, which is its owner's alone.

    What is in it decides about what hosts get, so a folder that others can write is refused.

    Raises:
        OSError: it cannot be made, or is not this account's own.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification has relative values ignored.
    root = Path(base) if base.startswith("/") else Path.home() / ".cache"
    path = root / "django-stack" / name
    root.mkdir(parents=True, exist_ok=True)
    for one in (path.parent, path):
        # Each by itself: parents would be made as the umask has it, open to a group.
        one.mkdir(mode=0o700, exist_ok=True)
        status = one.stat(follow_symlinks=False)
        if status.st_uid != os.geteuid() or status.st_mode & 0o022:
            problem = "can be written by others; remove it, and it is made again"
            raise PermissionError(errno.EPERM, problem, str(one))
    return path


def make_once(kept: Path, make: Callable[[Path], Path]) -> None:
    """Have something made, unless it is there; whoever wants the same meanwhile waits.

    Args:
        kept: its path, in a folder of the cache.
        make: makes it in a folder that it is given, and tells its path there.

    Raises:
        OSError: the cache cannot be used.
    """
    if kept.exists():
        return
    _clear(kept.parent)
    with _lock(kept).open("w") as lock:
        while not _is_ours(lock):
            time.sleep(PAUSE_SECONDS)
        if not kept.exists():
            with tempfile.TemporaryDirectory(MAKING, f"{kept.stem}.", kept.parent) as folder:
                make(Path(folder)).replace(kept)


def _is_ours(lock: IO[str]) -> bool:
    """Whether this greenlet has the lock now.

    The kernel is not left to wait for it: that would stop all greenlets of the process, and with
    them the one that has the lock.
    """
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(kept: Path) -> Path:
    return kept.with_name(f"{kept.stem}.lock")


def _clear(folder: Path) -> None:
    """Remove what runs that were killed have left: nobody holds its lock.

    A command of theirs may still write there, which outlives them: then the next run removes it.
    """
    for left in folder.glob(f"*{MAKING}"):
        stem, _, _ = left.stem.rpartition(".")
        with (folder / f"{stem}.lock").open("w") as lock:
            if _is_ours(lock):
                shutil.rmtree(left, ignore_errors=True)
