"""Programs that run as the project's user, who may stop them, or have them speak without end."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import Any

MOST_BYTES = 100_000
"""Of what is printed; the rest is read, and forgotten."""
LOOK_SECONDS = 0.05
"""How often it is looked whether one has ended whose output something else still has open."""


class TooLongError(Exception):
    """It took longer than it may, and was killed with what it had started."""


def run_limited(command: Sequence[str], seconds: float, **options: Any) -> tuple[int, str]:
    """Run a program in a session of its own, without this process's terminal.

    Args:
        options: further ones of subprocess.Popen's.

    Returns:
        Its exit code, and what it printed.

    Raises:
        TooLongError: it has not ended in time.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **options,
    )
    assert process.stdout  # noqa: S101 - by the line above
    with process.stdout as output:
        try:
            said = _read(process, output.fileno(), time.monotonic() + seconds)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise TooLongError(f"it has not ended within {seconds} s") from None
    return process.returncode, said.decode(errors="replace")


def _read(process: "subprocess.Popen[bytes]", output: int, until: float) -> bytes:
    said, is_open = b"", True
    while is_open or process.poll() is None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if not is_open:
            time.sleep(min(left, LOOK_SECONDS / 5))
        elif select.select([output], [], [], min(left, LOOK_SECONDS))[0]:
            part = os.read(output, 65536)
            is_open = bool(part)
            said = (said + part)[:MOST_BYTES]
        elif process.poll() is not None:
            # What it has left behind has the pipe, and may keep it for ever.
            break
    return said
