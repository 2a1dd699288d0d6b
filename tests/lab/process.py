"""Processes that the lab started: told apart from later ones that got the same number."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from tests.lab.waiting import wait_until

# States in proc(5): no such process, zombie, dead.
GONE = ("", "Z", "X")


@dataclass(frozen=True)
class Process:
    """A process id together with its start time (clock ticks since boot, proc(5) field 22)."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """The process that has this id now; None when there is none, or only a zombie."""
        state, started = _look(pid)
        return None if state in GONE else cls(pid, started)

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        state, started = _look(self.pid)
        if state == "Z" and started == self.started:
            # If it is a child of ours, it stays a zombie until we take notice.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)
        return state not in GONE and started == self.started

    def send(self, number: int) -> None:
        """Send signal `number`; nothing happens when the process is gone."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            # Checked after the handle was taken: from here on it cannot mean another process.
            if self.is_alive():
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most `seconds`; return whether it has ended."""
        return wait_until(lambda: not self.is_alive(), seconds)

    def children(self) -> list["Process"]:
        """Its living children; empty when it is gone."""
        try:
            text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return []
        return [child for pid in text.split() if (child := Process.of(int(pid)))]

    def is_init(self) -> bool:
        """Whether it is process 1 of a pid namespace that is not ours."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        ids = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
        return len(ids) > 1 and ids[-1] == "1"


def _look(pid: int) -> tuple[str, int]:
    """State and start time of whatever has this id; an empty state when nothing has."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    # The name, field 2, may itself hold spaces and parentheses.
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[19])
