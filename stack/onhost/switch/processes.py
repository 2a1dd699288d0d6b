"""What /proc tells of a process, whose owner says how much there is to read.

A process may have its environment begin and end wherever it likes in its memory
(PR_SET_MM_MAP), and that may be more than the host has. Thousands of processes may share thousands
of open files.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 6 << 20
"""Of an environment: the kernel starts no program with more."""


class LateError(Exception):
    """There is more to look at than there is time for."""


class Limit:
    """Ends a search that takes too long."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """How many seconds are left."""
        return max(0, self._until - time.monotonic())

    def check(self) -> None:
        """Go on, or not.

        Raises:
            LateError: it took too long.
        """
        if not self.left():
            raise LateError


def environment(pid: int | str) -> bytes:
    """That with which a process was started, for `variable`.

    Raises:
        OSError: there is no such process, or none that may be asked.
    """
    with Path(f"/proc/{pid}/environ").open("rb") as text:
        return text.read(MOST_BYTES)


def stopped(pid: int | str) -> bool:
    """Whether a signal has stopped a process, or a tracer."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return text.rpartition(") ")[2][:1] in ("T", "t")


def variable(environment: bytes, name: str) -> str | None:
    """The value of a variable; None when it is not there."""
    # To look at them one by one would take long: they may be millions.
    _, found, rest = (b"\0" + environment).partition(f"\0{name}=".encode())
    return rest.partition(b"\0")[0].decode(errors="replace") if found else None


def sockets(pid: int | str, limit: Limit) -> Iterator[str]:
    """The names of all that a process has open, its sockets among it.

    Raises:
        OSError: there is no such process, or none that may be asked.
        LateError: it has too much.
    """
    with os.scandir(f"/proc/{pid}/fd") as links:
        for link in links:
            limit.check()
            with suppress(FileNotFoundError):
                yield os.readlink(link)
