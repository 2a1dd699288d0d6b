"""Waiting until a host has booted."""

import socket
from collections.abc import Callable
from contextlib import suppress

from tests.lab.errors import LabError
from tests.lab.waiting import wait_until

BOOT_SECONDS = 60.0
SSHD_SECONDS = 20.0


def wait_for_boot(name: str, address: str, system_state: Callable[[], str]) -> None:
    """Return when systemd has finished booting and sshd answers. Raises LabError.

    `system_state` gives what `systemctl is-system-running` says.
    """
    if not wait_until(lambda: system_state() in ("running", "degraded"), BOOT_SECONDS):
        raise LabError(f"{name}: not booted after {BOOT_SECONDS:g} s, but {system_state()!r}")
    if not wait_until(lambda: _answers_ssh(address), SSHD_SECONDS):
        raise LabError(f"{name}: sshd does not answer at {address}")


def _answers_ssh(address: str) -> bool:
    with suppress(OSError), socket.create_connection((address, 22), timeout=2) as link:
        return link.recv(4) == b"SSH-"
    return False
