"""Locks of this host, which the kernel frees with the process that has them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .host import Host

LOCKS = Path("/run/django-stack")
"""A folder of root's alone: who may read a lock's file may also hold it."""


@contextmanager
def shared() -> Iterator[None]:
    """Hold the lock of what all projects of this host share, waiting for it.

    Whoever checks or reloads Nginx does so with the files of all projects.
    """
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    with (LOCKS / "host").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(host: Host) -> Iterator[None]:
    """Hold the project's lock, waiting for it."""
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    with (LOCKS / f"{host.user}-switch").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
