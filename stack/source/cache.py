"""The controller's cache: what is costly to make again and may be deleted at any time."""

import errno
import os
from pathlib import Path


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
