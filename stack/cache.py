"""The controller's cache: what is costly to make again and may be deleted at any time."""

import os
from pathlib import Path


def folder(name: str) -> Path:
    """A folder of the cache, made if need be, readable by its owner only. Raises OSError."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification has relative values ignored.
    root = Path(base) if base.startswith("/") else Path.home() / ".cache"
    path = root / "django-stack" / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
