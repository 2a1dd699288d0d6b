"""Processes that hold the address that Gunicorn needs."""

import os
import select
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from . import supervisor
from .host import Host
from .listening import Listener, every_name, listeners, name_of
from .page import printable
from .processes import LateError, Limit, environment, sockets, variable
from .system import SwitchError

PATIENCE_SECONDS = 10
"""How long they may take to end by themselves."""
SEARCH_SECONDS = 10
"""How long it may take to look at all processes, of which the user may have thousands that have
thousands of files open each."""
OWN_SECONDS = 1
"""How long it may take to look at the one that Supervisor runs."""


def end_rivals(host: Host, bind: str, program: str) -> None:
    """End a Gunicorn that outlived its supervisord, and one that a person started by hand.

    Args:
        program: what Supervisor calls the one that is to have the address.

    Raises:
        SwitchError: somebody has the address, and is not found among all that the user runs;
            nothing was ended that Supervisor runs.
    """
    listening = {one.name for one in _listeners(bind)}
    try:
        _end_rivals(host, listening)
    except LateError:
        # What Supervisor ends before it starts the next is not in its way.
        if not _are_of(supervisor.pid_of(program), listening):
            raise SwitchError(
                f"{bind} is taken, and who holds it was not found within {SEARCH_SECONDS} s among "
                f"all that {host.user} runs: end that, or set bind to another address."
            ) from None


def _end_rivals(host: Host, listening: set[str]) -> None:
    supervisord = supervisor.pid()
    every = cache(every_name)

    def has_one_of(names: Collection[str], folder: Path, limit: Limit) -> bool:
        # Where nobody listens, nothing need be looked at, which may be much.
        return bool(names) and any(one in names for one in sockets(folder.name, limit))

    def is_rival(folder: Path, limit: Limit) -> bool:
        try:
            if folder.stat().st_uid != host.uid:
                return False
            limit.check()
            if not _is_supervisors(folder):
                return has_one_of(listening, folder, limit)
            if _parent(folder) != 1 or supervisord == 1 or not _is_program(folder, host):
                return False
            # What a worker has started, and left behind, is no app server.
            return has_one_of(every(), folder, limit)
        except OSError:
            return False

    limit = Limit(SEARCH_SECONDS)
    rivals = [folder for folder in _processes() if is_rival(folder, limit)]
    limit, patience = Limit(SEARCH_SECONDS + PATIENCE_SECONDS), Limit(PATIENCE_SECONDS)
    for folder in rivals:
        limit.check()
        end(int(folder.name), partial(is_rival, folder, limit), patience.left())


def _are_of(pid: int, listening: Collection[str]) -> bool:
    """Whether a process has all of some sockets."""
    left = {*listening}
    with suppress(OSError, LateError):
        for name in sockets(pid, Limit(OWN_SECONDS)):
            left.discard(name)
            if not left:
                break
    return not left


def refuse_others(host: Host) -> None:
    """Refuse an address that somebody else has: Gunicorn would not get it.

    What Supervisor runs there now as the program, as whomever, it will end itself.

    Raises:
        SwitchError: somebody has it; nothing was changed.
    """
    others = {one.name: one for one in _listeners(host.bind) if one.uid != host.uid}
    if not others:
        return
    try:
        who = _who_has(others, host)
    except LateError:
        who = " and ".join(sorted({name_of(one.uid) for one in others.values()}))
    if who:
        raise SwitchError(f"{host.bind} is taken by {who}: end it, or set bind to another address.")


def _who_has(others: Mapping[str, Listener], host: Host) -> str:
    """Whoever has one of some sockets, and is not the program; for a person."""
    # By Supervisor's word: anybody may have the environment of one.
    program = supervisor.pid_of(host.program)
    limit = Limit(SEARCH_SECONDS)
    for folder in _processes():
        limit.check()
        with suppress(OSError):
            held = next((name for name in sockets(folder.name, limit) if name in others), "")
            if held and not (program and program in (int(folder.name), _parent(folder))):
                what = printable((folder / "comm").read_bytes().decode(errors="replace"))
                return f"process {folder.name} ({what}) of {name_of(others[held].uid)}"
    return ""


def _listeners(bind: str) -> frozenset[Listener]:
    return frozenset() if bind.startswith("unix:") else listeners(bind)


def _processes() -> Iterator[Path]:
    yield from Path("/proc").glob("[0-9]*")


def _parent(folder: Path) -> int:
    # Its own name is in there, in whatever bytes.
    return int((folder / "stat").read_bytes().rpartition(b")")[2].split()[1])


def _is_supervisors(folder: Path) -> bool:
    return variable(environment(folder.name), "SUPERVISOR_ENABLED") is not None


def _is_program(folder: Path, host: Host) -> bool:
    its = environment(folder.name)
    name = variable(its, "SUPERVISOR_PROCESS_NAME")
    return variable(its, "SUPERVISOR_ENABLED") is not None and name == host.program


def end(pid: int, is_the_one: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> None:
    """End a process and no other, whoever gets its number meanwhile.

    Args:
        is_the_one: whether what has the number now is what is to be ended.
        patience: seconds that it has to end by itself.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not is_the_one():
            return
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, PATIENCE_SECONDS)):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, number)
            if select.select([process], [], [], seconds)[0]:
                return
    finally:
        os.close(process)
