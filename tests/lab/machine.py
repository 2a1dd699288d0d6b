"""A host as a machine: its disk, its power, its processes."""

from pathlib import Path

from tests.lab import cgroup
from tests.lab.boot import wait_for_boot
from tests.lab.command import run
from tests.lab.container import Container
from tests.lab.errors import LabError
from tests.lab.identity import write_identity
from tests.lab.mounts import mount_overlay, remove_tree, unmount_below
from tests.lab.process import Process
from tests.lab.record import Record, load
from tests.lab.site import Site
from tests.lab.systems import needs_unified_groups

REBOOT_SECONDS = 150.0


class Machine:
    """What it is lives on disk, so every process sees the same."""

    def __init__(self, site: Site, name: str) -> None:
        """Raises LabError when the lab has no such host."""
        self.site = site
        self.name = name
        self.folder = site.host_folder(name)
        self.root = self.folder / "root"
        self.address = site.network.address(self.record().number)
        self._upper = self.folder / "upper"

    def record(self) -> Record:
        """What the lab remembers of it. Raises LabError."""
        record = load(self.folder)
        if record is None:
            raise LabError(f"{self.name}: no such host in lab {self.site.name}")
        return record

    def container(self) -> Container:
        """What boots it."""
        return Container(
            machine=f"lab-{self.site.name}-{self.name}",
            hostname=self.name,
            root=self.root,
            namespace=self.site.network.namespace(self.name),
            group=f"{self.site.group}/{self.name}",
            console=self.folder / "console.log",
            unified=needs_unified_groups(self.record().system),
        )

    def processes(self) -> tuple[Process | None, Process | None]:
        """The nspawn process and the init inside; None for what does not run."""
        record = self.record()
        nspawn = record.nspawn if record.nspawn and record.nspawn.is_alive() else None
        return nspawn, record.init if nspawn else None

    def is_running(self) -> bool:
        """Whether its container runs, booted or not."""
        return self.processes()[0] is not None

    def enter_argv(self) -> list[str]:
        """What a command is prefixed with to run inside, as root, in a clean environment.

        Raises LabError when it does not run.
        """
        _, init = self.processes()
        if init is None:
            raise LabError(f"{self.name}: not running")
        namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid"]
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"]
        return ["nsenter", f"--target={init.pid}", *namespaces, *clean]

    # Power

    def start(self) -> None:
        """Boot it, unless it runs, and wait until it is up. Raises LabError."""
        if self.is_running():
            return
        # It may have gone down by itself.
        self._clean_up()
        record = self.record()
        self.site.network.connect(self.name, record.number)
        is_new = not self._upper.exists()
        lower = [Path(path) for path in record.chain]
        mount_overlay(lower, self._upper, self.folder / "work", self.root)
        container = self.container()
        if is_new:
            write_identity(self.root, self.name, self.address, container.machine_id())
        nspawn = container.start()
        record.running(nspawn, None).save(self.folder)
        record.running(nspawn, container.wait_for_init(nspawn)).save(self.folder)
        wait_for_boot(self.name, self.address, self._system_state)

    def stop(self) -> None:
        """Shut it down cleanly; what hangs is killed after a while."""
        nspawn, init = self.processes()
        if nspawn and init:
            self.container().stop(nspawn, init)
        self._clean_up()

    def power_off(self) -> None:
        """Cut its power. Nobody is told: its kernel lives on, and would say that it has closed."""
        nspawn, init = self.processes()
        if nspawn:
            self.site.network.cut(self.record().number)
            self.container().kill(nspawn, init or nspawn)
        self._clean_up()

    def reboot(self) -> None:
        """Let it reboot by itself; return when it is up again. Raises LabError."""
        nspawn, _ = self.processes()
        # The command may be killed by the very shutdown that it asks for.
        run([*self.enter_argv(), "systemctl", "reboot"], check=False)
        if nspawn and not nspawn.wait(REBOOT_SECONDS):
            raise LabError(f"{self.name}: did not go down within {REBOOT_SECONDS:g} s of a reboot")
        # nspawn keeps its unit, and so cannot start itself anew: it ends (with 133) instead.
        self.start()

    # Disk

    def erase(self, chain: tuple[str, ...]) -> None:
        """Throw away what it has written; at its next start it stands on `chain`."""
        self.power_off()
        remove_tree(self._upper)
        self.record().on(chain).save(self.folder)

    def keep(self, name: str) -> None:
        """Stop it, and make what it has written a layer of that name, which it then stands on."""
        self.stop()
        layer = self.site.layers.keep(name, self.record(), self._upper)
        self.record().on(layer.chain).save(self.folder)

    def _clean_up(self) -> None:
        cgroup.kill(self.container().group)
        unmount_below(self.root)
        self.record().running(None, None).save(self.folder)

    def _system_state(self) -> str:
        if not self.is_running():
            raise LabError(f"{self.name}: ended: {self.container().console_tail()}")
        argv = [*self.enter_argv(), "systemctl", "is-system-running"]
        return run(argv, check=False).stdout.strip()
