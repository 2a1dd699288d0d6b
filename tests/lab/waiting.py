"""Waiting for a condition, with a limit."""

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.03


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask `condition` again and again for at most `seconds`; return whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
