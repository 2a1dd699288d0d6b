"""Ctrl-C: ends a run at once, but a rollout only between two waves."""

import signal
import sys
from types import FrameType

from pyinfra import logger

EXIT_CODE = 130
"""What shells give a program that was ended by Ctrl-C."""

_deferred = False
_asked = False


def end_plainly() -> None:
    """Have Ctrl-C end this run with an exit code of its own; pyinfra's is 0."""
    signal.signal(signal.SIGINT, _interrupt)


def defer() -> None:
    """From here on, have Ctrl-C only note that it was asked for; a second one ends the run."""
    global _deferred
    _deferred = True


def allow() -> None:
    """Have it end the run at once again."""
    global _deferred
    _deferred = False


def is_asked_for() -> bool:
    """Whether somebody wants the run to end."""
    return _asked


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _asked
    if _deferred and not _asked:
        _asked = True
        logger.warning(
            "Ctrl-C: this wave is finished, and no other begins. Press it again to end the run at "
            "once; a host that is switching finishes by itself."
        )
        return
    logger.warning("Ended by Ctrl-C; running again completes it.")
    sys.exit(EXIT_CODE)
