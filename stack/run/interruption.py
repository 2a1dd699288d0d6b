"""Ctrl-C and its like: ends a run at once, but a rollout only between two waves."""

import signal
from types import FrameType

import gevent
from pyinfra import logger

NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "SIGHUP"}
"""What ends a run, for a person: who has it run for him sends the second as he cancels it, and a
terminal the third as it closes."""

_deferred = False
_asked: signal.Signals | None = None


def end_plainly() -> None:
    """Have these signals end this run with exit codes of their own, and what is to follow its end
    follow it: pyinfra's for Ctrl-C is 0, and of the others it knows nothing."""
    for number in NAMES:
        # One that whoever started this has it ignore, as nohup does, stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def defer() -> None:
    """From here on, have them only note that the end was asked for; a second one ends the run."""
    global _deferred
    _deferred = True


def allow() -> None:
    """Have them end the run at once again."""
    global _deferred
    _deferred = False


def asked_by() -> str:
    """What has asked for the end, for a person; empty where nobody wants it."""
    return NAMES[_asked] if _asked else ""


def exit_code() -> int:
    """What shells give a program that was ended by that."""
    return _code(_asked or signal.SIGINT)


def _code(number: int) -> int:
    return 128 + number


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _asked
    name = NAMES[signal.Signals(number)]
    if number == signal.SIGHUP:
        # A terminal that closes, and the shell in it, send one each.
        signal.signal(number, signal.SIG_IGN)
    if _deferred and not _asked:
        _asked = signal.Signals(number)
        again = "Press it again" if number == signal.SIGINT else "Send another"
        logger.warning(
            f"{name}: this wave is finished, and no other begins. {again} to end the run at "
            "once; a host that is switching finishes by itself."
        )
        return
    logger.warning(f"Ended by {name}; running again completes it.")
    # A handler runs in whichever greenlet is running, paramiko's too: there the end of the run
    # would be that of a connection alone, for whose answers the run would wait without end.
    gevent.get_hub().handle_system_error(SystemExit, SystemExit(_code(number)))
