"""End what connections to supervisord others than root have, and say whose they were.

    python3 disconnect.py PID SOCKET

`PID` is supervisord's. Its socket is closed to them already: but who was let in before may go on
asking. A connection is told by who made it, as the kernel has it, and is ended at supervisord's end
of it: so it does not matter who else holds the other end by now, or in which way, and nobody's
process has to be ended for it. supervisord itself runs on, and so does all that it runs.
"""

import ctypes
import errno
import os
import pwd
import select
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

PIDFD_GETFD = 438
"""The system call, of which Python's library has no function: the same on all machines."""
NOBODY = 2**32 - 1
"""Who has made a connection that nobody has made, for one half of it alone."""
SECONDS = 20
ANSWER_SECONDS = 10
PAUSE_SECONDS = 0.1
QUIET_ROUNDS = 5
"""How often none is to be found: one that was being let in is there a moment later."""


def main(pid: int, path: str, own: int = 0) -> Counter[int]:
    """End them.

    Those of a supervisord that ends meanwhile have ended with it.

    Args:
        pid: supervisord's.
        path: that of its socket.
        own: whose connections stay.

    Returns:
        How many there were, by the numbers of who had made them.

    Raises:
        OSError: they do not end.
    """
    ended: dict[int, int] = {}
    until, quiet, forbidden = time.monotonic() + SECONDS, 0, ""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return Counter()
    while quiet < QUIET_ROUNDS:
        if time.monotonic() > until:
            raise TimeoutError(forbidden or "it does not release those that were ended")
        if select.select([process], [], [], PAUSE_SECONDS)[0]:
            break  # it has ended
        try:
            found = _end_others(pid, process, own)
            ended |= found
            is_quiet = not found
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOSYS):
                raise
            # As in some containers, and with a kernel before 5.6.
            forbidden = f"root may not end it on this host ({error.strerror})"
            is_quiet = not _has_any(pid, path)
        quiet = quiet + 1 if _answers(path) and is_quiet else 0
    os.close(process)
    return Counter(ended.values())


def _end_others(pid: int, process: int, own: int) -> dict[int, int]:
    """End those that others have made, and tell who, by the numbers of their sockets."""
    found = {}
    for user, connection in _connections(pid, process):
        with connection:
            if user in (own, NOBODY):
                continue
            found[os.fstat(connection.fileno()).st_ino] = user
            with suppress(OSError):  # the other end was faster
                connection.shutdown(socket.SHUT_RDWR)
    return found


def _answers(path: str) -> bool:
    """Whether it answers: who connected before has been let in by then, for it lets in in turn."""
    with socket.socket(socket.AF_UNIX) as asking, suppress(OSError):
        asking.settimeout(ANSWER_SECONDS)
        asking.connect(path)
        asking.sendall(b"GET /nothing HTTP/1.0\r\n\r\n")
        return bool(asking.recv(1))
    return False


def _connections(pid: int, process: int) -> Iterator[tuple[int, socket.socket]]:
    """Those that a process has taken on Unix sockets, by who made them."""
    libc = ctypes.CDLL(None, use_errno=True)
    for name in _numbers(f"/proc/{pid}/fd"):
        # Any of them may be closed meanwhile.
        try:
            if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                continue
        except FileNotFoundError:
            continue
        number = libc.syscall(PIDFD_GETFD, process, int(name), 0)
        if number < 0:
            error = ctypes.get_errno()
            if error in (errno.EBADF, errno.ESRCH):
                continue
            raise OSError(error, os.strerror(error))
        one = socket.socket(fileno=number)
        if one.family != socket.AF_UNIX or one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.close()
            continue
        made_by = one.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII"))
        yield struct.unpack("iII", made_by)[1], one


def _has_any(pid: int, path: str) -> bool:
    """Whether a process has connections on its Unix socket, whoever has made them."""
    own = set()
    for name in _numbers(f"/proc/{pid}/fd"):
        with suppress(OSError):
            own.add(os.readlink(f"/proc/{pid}/fd/{name}"))
    # supervisord binds it by a name with its number. By their names alone, for any other's may have
    # line ends in it, and so a line of its own in what is printed; each end that was connected to
    # has the name.
    ends = ("", *("." + "[0-9]" * digits for digits in range(1, 8)))
    named = (f"src = unix:{start}{path}{end}" for start in ("", "/var") for end in ends)
    told = subprocess.run(["ss", "-Hxn", " or ".join(named)], capture_output=True, text=True)
    if told.returncode:
        raise OSError(f"ss does not tell of it: {told.stderr.strip()}")
    return any(f"socket:[{line.split()[5]}]" in own for line in told.stdout.splitlines())


def _numbers(folder: str) -> list[str]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return os.listdir(folder)
    return []


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"{user}"


if __name__ == "__main__":
    try:
        found = main(int(sys.argv[1]), sys.argv[2])
    except OSError as error:
        sys.exit(
            "A process still has a connection to supervisord from before its socket was closed, "
            f"and could stop everybody's programs with it: {error}. `ss -xp` shows whose it is. "
            "`systemctl restart supervisor` ends it, and restarts all programs."
        )
    for user, count in sorted(found.items()):
        what = "a connection" if count == 1 else f"{count} connections"
        print(f"Ended {what} to supervisord that {_name(user)} had: its socket is root's now.")
