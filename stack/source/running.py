"""A command on the controller that ends in time, with all that it has started."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


class CommandError(Exception):
    """It failed, or took too long."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(reason)
        self.output = output
        """What it said on both of its outputs."""


def run(command: str, folder: Path, environment: Mapping[str, str], seconds: float) -> None:
    """Run a line of shell, without a terminal or standard input.

    Args:
        environment: all of it.
        seconds: how long it may take, at least one.

    Raises:
        CommandError: it ended with another exit code than 0, or was ended.
    """
    with _group(command, folder, environment) as process:
        try:
            output, _ = process.communicate(timeout=max(seconds, 1))
        except subprocess.TimeoutExpired as error:
            said = (error.output or b"").decode(errors="replace")
            raise CommandError("took too long", said) from None
    if process.returncode:
        said = output.decode(errors="replace")
        raise CommandError(f"ended with exit code {process.returncode}", said)


@contextmanager
def _group(
    command: str, folder: Path, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A command and all that it starts, which ends with the block."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
