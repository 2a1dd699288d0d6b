"""What removes a lab whose process is no more, however it was ended."""

import os
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from tests.lab.errors import LabError
from tests.lab.leftovers import remove_all
from tests.lab.site import Site
from tests.lab.store import lab_lock, try_lock
from tests.lab.waiting import wait_until

ROOT = Path(__file__).parents[2]
LOCK_SECONDS = 60.0
REMOVE_SECONDS = 300.0


class Reaper:
    """A process beside this one, which Ctrl-C does not reach.

    It waits for this one to end, and then removes the lab, unless it was dismissed before.
    """

    def __init__(self, name: str, subnet: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, name, subnet, str(os.getpid())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """Have it end without doing anything."""
        self._process.communicate(b"dismissed")


def makes_way(holder: str) -> bool:
    """Whether who holds a lab's lock, by what its file says, lets go of it by himself.

    So does one that has just taken it and not said so yet: a reaper, or one that will have said so
    when it is asked again.
    """
    try:
        words = Path(f"/proc/{int(holder)}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return True
    # A process that is ending has no words any more, and may have its files for a moment yet.
    return words == [b""] or __name__.encode() in words


def main(name: str, subnet: str, owner: str) -> None:
    """Wait for the process `owner` to end, and remove the lab, unless another has it by then."""
    if sys.stdin.buffer.read():
        return
    lock = _inherit(lab_lock(name), owner)
    if lock:
        # Nobody reads what goes wrong here, and what does is other programs' doing: try again.
        wait_until(partial(_is_removed, Site(name, subnet)), REMOVE_SECONDS)


def _inherit(path: Path, owner: str) -> IO[str] | None:
    """The lock of a process that was killed; None when another process was faster."""
    found: list[IO[str]] = []

    def is_settled() -> bool:
        if path.read_text() == owner and (lock := try_lock(path)):
            found.append(lock)
        return path.read_text() != owner

    # The kernel closes a killed process's files in no order: the lock may outlive the pipe.
    wait_until(is_settled, LOCK_SECONDS)
    return found[0] if found else None


def _is_removed(site: Site) -> bool:
    with suppress(LabError, OSError):
        remove_all(site)
        return True
    return False


if __name__ == "__main__":
    main(*sys.argv[1:])
