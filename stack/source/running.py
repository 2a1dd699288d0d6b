"""A command on the controller that ends in time, with all that it has started."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_BYTES = 200_000
"""Kept of what a command says."""


class CommandError(Exception):
    """It failed, or took too long."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(reason)
        self.output = output
        """The end of what it said on both of its outputs."""


def run(command: str, folder: Path, environment: Mapping[str, str], seconds: float) -> None:
    """Run a line of shell, without a terminal or standard input.

    Args:
        environment: all of it.
        seconds: how long it may take, at least one.

    Raises:
        CommandError: it ended with another exit code than 0, or was ended.
    """
    with _group(command, folder, environment) as process:
        until = time.monotonic() + max(seconds, 1)
        said = b""
        for part in _parts(process, until):
            said = (said + part)[-MOST_BYTES:]
        output = said.decode(errors="replace")
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            raise CommandError("took too long", output) from None
    if process.returncode:
        raise CommandError(f"ended with exit code {process.returncode}", output)


def _parts(process: "subprocess.Popen[bytes]", until: float) -> Iterator[bytes]:
    """What a command says, to its end or up to a moment: it may say more than memory holds."""
    assert process.stdout  # noqa: S101 - a pipe, as it was started
    said = process.stdout.fileno()
    while select.select([said], [], [], max(until - time.monotonic(), 0))[0]:
        part = os.read(said, 1 << 16)
        if not part:
            return
        yield part


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
