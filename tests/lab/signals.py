"""What signals do to a process while a lab is its to remove."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None


class SignalGuard:
    """From its making, SIGTERM unwinds the stack as Ctrl-C does, so that `with` blocks end.

    Only the main thread may set handlers; made in another one, it does nothing.
    """

    def __init__(self) -> None:
        """Set the handler for SIGTERM."""
        self._before: dict[int, Handler] = {}
        if threading.current_thread() is threading.main_thread():
            self._before = {
                number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)
            }
            signal.signal(signal.SIGTERM, _exit)

    def ignore(self) -> None:
        """From here on let no signal, such as a second Ctrl-C, cut off the cleaning up."""
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)

    def restore(self) -> None:
        """Set the handlers as they were."""
        for number, handler in self._before.items():
            if handler is not None:
                signal.signal(number, handler)


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
