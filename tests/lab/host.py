"""A host of the lab, and what tests do with it."""

import shlex
from pathlib import Path
from subprocess import CompletedProcess

from tests.lab import cgroup
from tests.lab.command import run_inside
from tests.lab.machine import Machine
from tests.lab.recipe import Base
from tests.lab.store import key_file
from tests.lab.systems import System


class Host:
    """A host: commands on it, its power, and its state."""

    def __init__(self, machine: Machine) -> None:
        """Made by Lab."""
        self._machine = machine
        self.name = machine.name
        self.address = machine.address
        self.key_file: Path = key_file()
        # Its root file system, as this machine sees it while the host runs.
        self.root: Path = machine.root

    def __repr__(self) -> str:
        """Its name and address."""
        return f"Host({self.name!r}, {self.address!r})"

    @property
    def system(self) -> System:
        """Its system."""
        return self._machine.record().system

    @property
    def base(self) -> Base:
        """The base below it."""
        return self._machine.record().base

    # Commands

    def ssh_argv(self, user: str = "root") -> list[str]:
        """The ssh command up to, and with, the address."""
        options = (
            f"UserKnownHostsFile={self._machine.site.known_hosts}",
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=yes",
            "IdentitiesOnly=yes",
            "BatchMode=yes",
            "ConnectTimeout=10",
            "LogLevel=ERROR",
        )
        words = [word for option in options for word in ("-o", option)]
        return ["ssh", "-F", "none", "-i", str(self.key_file), *words, f"{user}@{self.address}"]

    def run(
        self,
        command: str,
        user: str = "root",
        check: bool = True,
        input: str | None = None,
        timeout: float = 60,
    ) -> CompletedProcess[str]:
        """Run a shell command over ssh, for at most `timeout` seconds.

        Raises LabError with the command and its output when it fails (with `check`) or is slow.
        """
        argv = [*self.ssh_argv(user), command]
        return run_inside(argv, command, f"{user}@{self.name}", check, input, timeout)

    def enter(
        self,
        command: str,
        user: str = "root",
        check: bool = True,
        input: str | None = None,
        timeout: float = 60,
    ) -> CompletedProcess[str]:
        """The same without sshd and network: by way of the container's namespaces."""
        where = f"{user} in {self.name}"
        argv = [*self._machine.enter_argv(), "runuser", "-l", "-s", "/bin/sh", "-c", command, user]
        return run_inside(argv, command, where, check, input, timeout)

    def write(
        self, path: str, text: str, mode: int = 0o644, owner: str = "root", timeout: float = 60
    ) -> None:
        """Write a file, and the folders above it; `owner` is "user" or "user:group".

        Raises LabError.
        """
        user, _, group = owner.partition(":")
        user, path = shlex.quote(user), shlex.quote(path)
        group = shlex.quote(group) if group else f'"$(id -gn {user})"'
        command = f"install -D -m {mode:04o} -o {user} -g {group} /dev/stdin {path}"
        self.enter(command, input=text, timeout=timeout)

    # Power

    def is_running(self) -> bool:
        """Whether its container runs, booted or not."""
        return self._machine.is_running()

    def start(self) -> None:
        """Boot it, unless it runs; return when sshd answers and systemd has finished booting.

        Raises LabError.
        """
        self._machine.start()

    def stop(self) -> None:
        """Shut it down cleanly; what hangs is killed after a while."""
        self._machine.stop()

    def power_off(self) -> None:
        """Cut its power; what it has written stays."""
        self._machine.power_off()

    def reboot(self) -> None:
        """Let it reboot by itself; return when it is up again. Raises LabError."""
        self._machine.reboot()

    # Memory

    def limit_memory(self, size: int) -> None:
        """Let it have no more than so many bytes of memory; -1 lifts the limit."""
        cgroup.limit_memory(self._machine.container().group, size)

    # State

    def reset(self, to: str = "base") -> None:
        """Throw away what it has written and boot it as it was: `to` "base" or a snapshot.

        "base" is what it was made from, which for a host on a layer is that layer.
        Raises LabError.
        """
        machine = self._machine
        if to == "base":
            chain = machine.record().origin
        else:
            chain = machine.site.layers.find(to, self.name).chain
        machine.erase(chain)
        machine.start()

    def snapshot(self, name: str) -> None:
        """Keep its present state under that name; it is shut down and booted for it.

        A later snapshot of the same name takes the place of this one. Raises LabError.
        """
        self._machine.keep(name)
        self._machine.start()
