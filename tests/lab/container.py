"""One booted container: systemd-nspawn from its start to its end."""

import os
import signal
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.lab import cgroup
from tests.lab.command import environment
from tests.lab.errors import LabError
from tests.lab.process import Process
from tests.lab.waiting import wait_until

INIT_SECONDS = 20.0
STOP_SECONDS = 30.0
KILL_SECONDS = 10.0
# Enters the control groups, then becomes the program, so that nothing ever runs outside of them.
ENTER_GROUPS = (
    'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done; '
    'shift; exec "$@"'
)


@dataclass(frozen=True)
class Container:
    """What a container is made of; `machine` names it among all that run here."""

    machine: str
    hostname: str
    root: Path
    namespace: Path
    group: str
    console: Path
    unified: bool
    """Whether it gets version 2 of the control groups alone, whatever this machine has."""

    def start(self) -> Process:
        """Start it, detached from this process's session, and return the nspawn process."""
        argv = ["sh", "-c", ENTER_GROUPS, "sh", *map(str, cgroup.make(self.group)), "--"]
        argv += ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit"]
        argv += ["--link-journal=no", "--kill-signal=SIGRTMIN+3", "--console=read-only"]
        argv += ["--timezone=off", f"--resolv-conf={_resolv_conf()}", f"--machine={self.machine}"]
        argv += [f"--hostname={self.hostname}", f"--uuid={self.machine_id()}"]
        argv += [f"--directory={self.root}", f"--network-namespace-path={self.namespace}"]
        # Its network is its own, and so are the rules of its firewall.
        argv += ["--capability=CAP_NET_ADMIN"]
        # Root of a real machine may take another process's files.
        argv += ["--system-call-filter=pidfd_getfd"]
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        pid = os.posix_spawn(
            "/bin/sh",
            argv,
            {**environment(), **self._nspawn_settings()},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self.console), flags, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
        process = Process.of(pid)
        if process is None:
            raise LabError(f"{self.hostname}: nspawn ended at once: {self.console_tail()}")
        return process

    def _nspawn_settings(self) -> dict[str, str]:
        # Nobody else boots this folder, and a killed nspawn would leave its lock files.
        settings = {"SYSTEMD_NSPAWN_LOCK": "0"}
        if self.unified:
            settings["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "1"
        return settings

    def machine_id(self) -> uuid.UUID:
        """The same at every boot, as of a real machine."""
        return uuid.uuid5(uuid.NAMESPACE_OID, self.machine)

    def wait_for_init(self, nspawn: Process) -> Process:
        """Wait until nspawn has started the container's init, and return that. Raises LabError."""
        found: list[Process] = []

        def has_init() -> bool:
            found.extend(child for child in nspawn.children() if child.is_init())
            return bool(found) or not nspawn.is_alive()

        if not wait_until(has_init, INIT_SECONDS) or not found:
            raise LabError(f"{self.hostname}: no init appeared: {self.console_tail()}")
        return found[0]

    def stop(self, nspawn: Process, init: Process) -> None:
        """Shut it down as systemd does; what does not end in time is killed."""
        init.send(signal.SIGRTMIN + 3)
        if not nspawn.wait(STOP_SECONDS):
            self.kill(nspawn, init)

    def kill(self, nspawn: Process, init: Process) -> None:
        """End it at once, as a power cut does; nspawn cleans up by itself where it can."""
        init.send(signal.SIGKILL)
        if not nspawn.wait(KILL_SECONDS):
            nspawn.send(signal.SIGKILL)
            nspawn.wait(KILL_SECONDS)

    def console_tail(self) -> str:
        """The last line of its console."""
        try:
            lines = self.console.read_text(errors="replace").strip().splitlines()
        except FileNotFoundError:
            lines = []
        return lines[-1] if lines else "nothing on its console"


def _resolv_conf() -> str:
    """How a host gets this machine's name servers."""
    servers = [
        line.split()[1]
        for line in Path("/etc/resolv.conf").read_text().splitlines()
        if line.startswith("nameserver ")
    ]
    # systemd-resolved listens on this machine's loopback, which a host cannot reach.
    is_local = bool(servers) and all(server.startswith("127.") for server in servers)
    return "copy-uplink" if is_local else "copy-host"
