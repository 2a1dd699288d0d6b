"""Connections of Ansible's, which its ssh keeps open for the next run."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOCKETS = "cp"
"""The folder of them, whose path may not be long."""


@contextmanager
def closed_at_the_end(sockets: Path) -> Iterator[None]:
    """Leave none of them behind."""
    try:
        yield
    finally:
        hang_up(sockets)


def hang_up(sockets: Path) -> None:
    """End all that are open."""
    for socket in sockets.glob("*"):
        command = ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "any"]
        subprocess.run(command, capture_output=True)
