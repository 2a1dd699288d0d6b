"""What removes a lab whose process is no more, however it was ended."""

import subprocess
import sys
from pathlib import Path

from tests.lab.leftovers import remove_all
from tests.lab.site import Site
from tests.lab.store import lab_lock, try_lock

ROOT = Path(__file__).parents[2]


class Reaper:
    """A process beside this one, which Ctrl-C does not reach.

    It waits for this one to end, and then removes the lab, unless it was dismissed before.
    """

    def __init__(self, name: str, subnet: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, name, subnet],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """Have it end without doing anything."""
        self._process.communicate(b"dismissed")


def is_reaper(pid: str) -> bool:
    """Whether a process is one that removes a lab."""
    try:
        return __name__.encode() in Path(f"/proc/{int(pid)}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False


def main(name: str, subnet: str) -> None:
    """Wait, and remove the lab, unless another process has it by then."""
    if sys.stdin.buffer.read():
        return
    lock = try_lock(lab_lock(name))
    if lock:
        remove_all(Site(name, subnet))


if __name__ == "__main__":
    main(*sys.argv[1:])
