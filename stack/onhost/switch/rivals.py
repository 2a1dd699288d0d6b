"""Processes of the project's user that hold the address which Gunicorn is to have."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .host import Host, run, wait

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LISTEN = "0A"
"""The state of a socket that listens, in those tables."""


def end_rivals(host: Host, bind: str) -> None:
    """End a Gunicorn that outlived its supervisord, and one that a person started by hand."""
    supervisord = run("supervisorctl", "pid")
    name = f"SUPERVISOR_PROCESS_NAME={host.program}".encode()
    listening = _listening(bind)
    for folder in _processes(host.uid):
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            by_supervisor = any(word.startswith(b"SUPERVISOR_ENABLED=") for word in words)
            if by_supervisor:
                is_rival = name in words and parent == "1" != supervisord
            else:
                is_rival = not listening.isdisjoint(_sockets(folder))
        except OSError:
            continue
        if is_rival:
            _end(int(folder.name))


def _processes(uid: int) -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.stat().st_uid == uid:
                yield folder


def _listening(bind: str) -> set[str]:
    """The sockets that listen at the port of `bind`, by the kernel's names for them."""
    port = bind.rpartition(":")[2]
    if bind.startswith("unix:") or not port.isdigit():
        return set()
    # A kernel without IPv6 has no second table.
    tables = [table for table in map(Path, TABLES) if table.exists()]
    lines = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    return {
        f"socket:[{words[9]}]"
        for words in lines
        if words[3] == LISTEN and int(words[1].rpartition(":")[2], 16) == int(port)
    }


def _sockets(folder: Path) -> set[str]:
    return {os.readlink(link) for link in (folder / "fd").iterdir()}


def _end(pid: int) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait(lambda: not Path(f"/proc/{pid}").exists(), 10):
            return
