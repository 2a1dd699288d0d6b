"""Processes that hold the address that Gunicorn needs."""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from . import supervisor
from .host import Host
from .listening import Listener, every_name, listeners, name_of
from .page import printable
from .processes import environment, variable
from .system import SwitchError

PATIENCE_SECONDS = 10
"""How long one may take to end by itself."""


def end_rivals(host: Host, bind: str) -> None:
    """End a Gunicorn that outlived its supervisord, and one that a person started by hand."""
    supervisord = f"{supervisor.pid()}"
    listening = {one.name for one in _listeners(bind)}

    def is_rival(folder: Path) -> bool:
        try:
            if folder.stat().st_uid != host.uid:
                return False
            if not _is_supervisors(folder):
                return not listening.isdisjoint(_sockets(folder))
            # Its own name is in there, in whatever bytes.
            parent = (folder / "stat").read_bytes().rpartition(b")")[2].split()[1]
            if parent != b"1" or supervisord == "1" or not _is_program(folder, host):
                return False
            # What a worker has started, and left behind, is no app server.
            return not every_name().isdisjoint(_sockets(folder))
        except OSError:
            return False

    for folder in _processes():
        if is_rival(folder):
            end(int(folder.name), lambda folder=folder: is_rival(folder))  # type: ignore[misc]


def refuse_others(host: Host) -> None:
    """Refuse an address that somebody else has: Gunicorn would not get it.

    What Supervisor runs there now as the program, as whomever, it will end itself.

    Raises:
        SwitchError: somebody has it; nothing was changed.
    """
    others = {one.name: one for one in _listeners(host.bind) if one.uid != host.uid}
    if not others:
        return
    for folder in _processes():
        with suppress(OSError):
            held = others.keys() & _sockets(folder)
            if held and not _is_program(folder, host):
                what = printable((folder / "comm").read_bytes().decode(errors="replace"))
                who = f"process {folder.name} ({what}) of {name_of(others[held.pop()].uid)}"
                raise SwitchError(
                    f"{host.bind} is taken by {who}: end it, or set bind to another address."
                )


def _listeners(bind: str) -> frozenset[Listener]:
    return frozenset() if bind.startswith("unix:") else listeners(bind)


def _processes() -> Iterator[Path]:
    yield from Path("/proc").glob("[0-9]*")


def _is_supervisors(folder: Path) -> bool:
    return variable(environment(folder.name), "SUPERVISOR_ENABLED") is not None


def _is_program(folder: Path, host: Host) -> bool:
    its = environment(folder.name)
    name = variable(its, "SUPERVISOR_PROCESS_NAME")
    return variable(its, "SUPERVISOR_ENABLED") is not None and name == host.program


def _sockets(folder: Path) -> set[str]:
    return {os.readlink(link) for link in (folder / "fd").iterdir()}


def end(pid: int, is_the_one: Callable[[], bool]) -> None:
    """End a process and no other, whoever gets its number meanwhile.

    Args:
        is_the_one: whether what has the number now is what is to be ended.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not is_the_one():
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, number)
            if select.select([process], [], [], PATIENCE_SECONDS)[0]:
                return
    finally:
        os.close(process)
