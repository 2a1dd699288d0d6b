"""A program of Supervisor's, ended and started anew by what its file says now."""

import xmlrpc.client
from collections.abc import Collection
from pathlib import Path

from . import supervisor
from .system import SwitchError, wait

STOP_SECONDS = 3600
"""How long a program may take to end: supervisord itself does not wait beyond its stopwaitsecs."""


def run_anew(program: str, log: Path) -> str:
    """Have a program run as its file now says, and not wait for it; what there was against that.

    Args:
        log: where it writes to, by which it is known when its name has changed: what has the former
            one holds its address, and ends first.

    Raises:
        SwitchError: supervisord cannot read its files; nothing was changed.
    """
    try:
        [[added, changed, removed]] = supervisor.ask("reloadConfig")
        former = _former(removed, log)
    except xmlrpc.client.Fault as error:
        raise SwitchError(
            f"Supervisor cannot read its files: {supervisor.words_of(error)}"
        ) from None
    except supervisor.SILENCE as error:
        return supervisor.words_of(error)
    said = [line for name in former for line in _forgotten(name)]
    if program in changed:
        said += [*_forgotten(program), _tried("addProcessGroup", program)]
    elif program in added:
        said += [_tried("addProcessGroup", program)]
    else:
        # Its file is the one it was started from. supervisord itself would wait for the program's
        # startsecs, which may answer long before.
        said += [
            _tried("stopProcess", program, False),
            _wait_for_end(program),
            _tried("startProcess", program, False),
        ]
    return "\n".join(filter(None, said))


def _former(removed: Collection[str], log: Path) -> set[str]:
    """Which of the programs that have no file any more write to a log."""
    told = supervisor.ask("getAllProcessInfo") if removed else []
    return {one["group"] for one in told if one["stdout_logfile"] == str(log)} & {*removed}


def _forgotten(program: str) -> list[str]:
    """End a program, and have supervisord forget it; what there was against that."""
    return [
        _tried("stopProcessGroup", program, False),
        _wait_for_end(program),
        _tried("removeProcessGroup", program),
    ]


def _wait_for_end(program: str) -> str:
    """Wait until supervisord has noticed that a program has ended; what there was against that.

    It looks once in a second, and whenever it is asked something: so this is faster than its own
    waiting.
    """

    def has_ended() -> bool:
        told = supervisor.ask("getAllProcessInfo")
        return not any((one["group"], one["statename"]) == (program, "STOPPING") for one in told)

    try:
        wait(has_ended, STOP_SECONDS)
    except supervisor.SILENCE as error:
        return supervisor.words_of(error)
    return ""


def _tried(step: str, *words: object) -> str:
    try:
        supervisor.ask(step, *words)
    except supervisor.SILENCE as error:
        return f"{step}: {supervisor.words_of(error)}"
    return ""
