"""A run of pyinfra that is cut at a chosen moment."""

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from tests.e2e.controller import Controller
from tests.e2e.drifts import kind_of
from tests.lab import Host

STARTING = "--> Starting operation: "
ENDED = ("] Success", "] No changes", "] Error")
END_SECONDS = 60
"""How long pyinfra may take to notice that it is cut off."""


@dataclass
class Timing:
    """When the operations of a run began, and how long each took."""

    seconds: dict[str, float] = field(default_factory=dict)
    """By the constants of drifts.py."""


def kill_pyinfra(process: "subprocess.Popen[str]", host: Host) -> None:
    """End the controller at once."""
    process.send_signal(signal.SIGKILL)


def cut_connection(process: "subprocess.Popen[str]", host: Host) -> None:
    """End the host's side of every SSH connection; what runs there goes on."""
    # The name's end: `sshd: root [priv]`, `sshd: root@notty`, and the listener is another.
    host.enter("pkill -KILL -f '^sshd(-session)?: root'", check=False)


Cutter = Callable[["subprocess.Popen[str]", Host], None]
CUTTERS: dict[str, Cutter] = {"pyinfra killed": kill_pyinfra, "SSH cut": cut_connection}


def timed_run(site: Controller, *words: str, entry: str = "deploy.py") -> Timing:
    """Deploy, undisturbed; or run another entry file, with words of pyinfra's.

    Raises:
        AssertionError: it failed.
    """
    timing, begun, name = Timing(), 0.0, ""
    with site.start(*words, entry=entry) as process:
        lines: list[str] = []
        for line in _lines(process.stdout):
            lines.append(line)
            if line.startswith(STARTING):
                name, begun = kind_of(line.removeprefix(STARTING).strip()), time.monotonic()
            elif any(end in line for end in ENDED) and name:
                timing.seconds[name] = time.monotonic() - begun
                name = ""
    assert process.returncode == 0, "".join(lines[-60:])
    return timing


def cut_run(
    site: Controller,
    cut: Cutter,
    operation: str,
    after_seconds: float | None,
    *words: str,
    entry: str = "deploy.py",
) -> bool:
    """Deploy, and cut the run in an operation.

    Args:
        site: the controller of one host.
        cut: what cuts it.
        operation: the name of the operation, a constant of drifts.py; "*" is the first there is.
        after_seconds: since the operation began; None for the moment at which it has ended.
        words: of pyinfra's; `-y` without any.
        entry: the entry file, where it is another.

    Returns:
        Whether the run got that far.
    """
    with site.start(*words, entry=entry) as process:
        # Read by a thread of its own, so that a slow reader cannot hold pyinfra up.
        seen: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=_read, args=(process.stdout, seen), daemon=True)
        reader.start()
        reached = _wait_for(seen, lambda line: _starts(line, operation))
        if reached and after_seconds is None:
            reached = _wait_for(seen, lambda line: any(end in line for end in ENDED))
        elif reached:
            time.sleep(after_seconds or 0)
        cut(process, site.hosts[0])
        try:
            process.wait(END_SECONDS)
        finally:
            process.kill()
        reader.join(10)
    return reached


def _starts(line: str, operation: str) -> bool:
    if not line.startswith(STARTING):
        return False
    return operation in ("*", kind_of(line.removeprefix(STARTING).strip()))


def _lines(output: IO[str] | None) -> IO[str]:
    assert output is not None
    return output


def _read(output: IO[str] | None, seen: "queue.Queue[str]") -> None:
    for line in _lines(output):
        seen.put(line)
    seen.put("")


def _wait_for(seen: "queue.Queue[str]", is_it: Callable[[str], bool]) -> bool:
    """Whether such a line came before the end."""
    while line := seen.get():
        if is_it(line):
            return True
    return False
