"""Runs a command as the project's user, and keeps what it says in a log of root's.

    python3 logged.py USER LOG COMMAND...

The command has a pipe: whoever has the file itself can make it as long as he likes, without writing
it, for root to rotate and compress. It ends as the command does, with its exit code or its signal.
"""

import os
import pwd
import resource
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 100_000_000
"""Of a log: what is said beyond is read, and forgotten. By half of that it is rotated."""
FULL = b"\n(This log is full: what is said until it is rotated is not kept.)\n"
PIPE_BYTES = 1 << 20
"""How much a pipe may hold that nobody has read."""


def main(user: str, log: Path, *command: str) -> int:
    """Run it.

    Returns:
        Its exit code; negative, the signal that ended it.
    """
    account = pwd.getpwnam(user)
    names = {"HOME": account.pw_dir, "USER": user, "LOGNAME": user, "SHELL": account.pw_shell}
    with log.open("ab", buffering=0) as kept:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **names},
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=os.getgrouplist(user, account.pw_gid),
            # systemd has ignored SIGPIPE, and so it is for the command.
            restore_signals=False,
        )
        assert process.stdout  # noqa: S101 - by the line above
        # systemd stops this and the command at once: what that says last is kept.
        signal.signal(signal.SIGTERM, lambda *_: None)
        with process.stdout as said:
            keep(said.fileno(), kept.fileno(), os.pidfd_open(process.pid))
        return process.wait()


def keep(said: int, log: int, process: int) -> None:
    """Write down what comes until a process has ended, and what is in the pipe by then.

    Args:
        process: its pidfd.
    """
    is_open, left = True, PIPE_BYTES
    while left > 0:
        ready = select.select([process, *([said] if is_open else [])], [], [])[0]
        if said not in ready:
            return
        moved = _moved(said, log)
        is_open = moved > 0
        # What it has left behind has the pipe, and may write for ever.
        left -= moved if process in ready else 0


def _moved(said: int, log: int) -> int:
    part = os.read(said, 65536)
    room = MOST_BYTES - os.fstat(log).st_size
    # A disk that is full holds up nobody.
    with suppress(OSError):
        if room > 0:
            os.write(log, part if len(part) < room else part[:room] + FULL)
    return len(part)


def end_as(code: int) -> None:
    """End by the same exit code, or the same signal, without a core of this process's."""
    if code >= 0:
        sys.exit(code)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)


if __name__ == "__main__":
    end_as(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
