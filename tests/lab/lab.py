"""A lab: a network, and the hosts in it."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.lab import bases, registry, requirements
from tests.lab.errors import LabError
from tests.lab.host import Host
from tests.lab.inventory import inventory_text
from tests.lab.leftovers import remove_all
from tests.lab.machine import Machine
from tests.lab.reaper import REMOVE_SECONDS, Reaper, makes_way
from tests.lab.recipe import Base
from tests.lab.signals import SignalGuard
from tests.lab.site import Site
from tests.lab.store import lab_lock, read_json, try_lock, write_json
from tests.lab.systems import System, default
from tests.lab.waiting import wait_until

# Names of network interfaces have 15 characters at most, and the lab's name is part of some.
LAB_NAME = re.compile(r"[a-z][a-z0-9]{0,8}")
SUBNET = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")


class Lab:
    """Hosts of one name and subnet; several labs of different names and subnets coexist.

    As a context manager it is removed at the end, also after Ctrl-C and SIGTERM; and by another
    process when this one is killed.
    """

    def __init__(self, name: str, subnet: str) -> None:
        """`subnet` is the first three numbers of the addresses: "10.99.1". Raises LabError."""
        if not LAB_NAME.fullmatch(name):
            raise LabError(f"lab name {name!r}: expected at most 9 lower-case letters and digits")
        if not SUBNET.fullmatch(subnet) or any(int(part) > 255 for part in subnet.split(".")):
            raise LabError(f"subnet {subnet!r}: expected three numbers, as in '10.99.1'")
        self.name = name
        self.subnet = subnet
        self._site = Site(name, subnet)
        self._lock: IO[str] | None = None
        self._is_up = False
        self._signals: SignalGuard | None = None
        self._reaper: Reaper | None = None

    @classmethod
    def attach(cls, name: str) -> Self:
        """A lab that is up already, whoever made it. Raises LabError when there is none."""
        state = read_json(Site(name, "0.0.0").folder / "lab.json") if LAB_NAME.match(name) else None
        if state is None:
            raise LabError(f"no lab {name!r} is up")
        lab = cls(name, str(state["subnet"]))
        lab._is_up = True
        return lab

    @property
    def known_hosts(self) -> Path:
        """The ssh host keys of its hosts."""
        return self._site.known_hosts

    # Up and down

    def check(self) -> None:
        """Raise LabError, one line, where this machine cannot run a lab."""
        requirements.check()

    def up(self) -> None:
        """Make the lab, empty, over whatever a crash left of it. Raises LabError."""
        if self._is_up:
            return
        self.check()
        self._take()
        if self._signals and not self._reaper:
            self._reaper = Reaper(self.name, self.subnet)
        remove_all(self._site)
        self._site.folder.mkdir(parents=True, mode=0o700)
        write_json(self._site.folder / "lab.json", {"subnet": self.subnet})
        self._site.network.up()
        self._is_up = True

    def down(self) -> None:
        """Remove the lab with its hosts, also what a crash left of it. Raises LabError."""
        self.check()
        self._take()
        remove_all(self._site)
        self._is_up = False
        self.keep()

    def _take(self) -> None:
        """Make this process the one that the lab belongs to, until it ends."""
        if self._lock:
            return
        path = lab_lock(self.name)

        def is_settled() -> bool:
            self._lock = try_lock(path)
            return self._lock is not None or not makes_way(path.read_text())

        wait_until(is_settled, REMOVE_SECONDS)
        if self._lock is None:
            raise LabError(f"lab {self.name} is in use by process {path.read_text() or '?'}")

    def __enter__(self) -> Self:
        """Make the lab; SIGTERM then ends this process as Ctrl-C would, lab removed."""
        self._signals = SignalGuard()
        try:
            self.up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the lab, whatever the block ended with, unless it was told to keep it."""
        guard, self._signals = self._signals, None
        if guard:
            guard.ignore()
        try:
            if self._lock:
                self.down()
        finally:
            if guard:
                guard.restore()

    def keep(self) -> None:
        """Leave the lab running when this process, or the `with` block, ends."""
        if self._reaper:
            self._reaper.dismiss()
            self._reaper = None
        if self._lock:
            self._lock.close()
            self._lock = None

    # Hosts

    def host(
        self,
        name: str,
        system: System | None = None,
        base: Base = "stocked",
        layer: str | None = None,
    ) -> Host:
        """Make and boot a host; return when sshd answers and systemd has finished booting.

        With `layer` it starts from that snapshot of this lab, and `system` and `base` are the
        snapshot's. Raises LabError.
        """
        return self._make([name], system, base, layer)[0]

    def hosts(
        self,
        count: int,
        system: System | None = None,
        base: Base = "stocked",
        layer: str | None = None,
        prefix: str = "web",
    ) -> list[Host]:
        """Make and boot several at once: web1, web2 and so on. Raises LabError."""
        names = [f"{prefix}{number}" for number in range(1, count + 1)]
        return self._make(names, system, base, layer)

    def find(self, name: str) -> Host:
        """The host of that name. Raises LabError when there is none."""
        return Host(Machine(self._site, name))

    def all(self) -> list[Host]:
        """Every host, in the order of their addresses."""
        return [self.find(record.name) for record in registry.records(self._site)]

    def inventory(
        self,
        path: str | Path,
        hosts: Sequence[Host] | Mapping[str, Sequence[Host]] | None = None,
        user: str = "root",
        **data: object,
    ) -> Path:
        """Write a pyinfra inventory of `hosts` (all without); return its path.

        They are the group `app`, unless they are given by their groups. `data` goes to every host
        as it is.
        """
        chosen = self.all() if hosts is None else hosts
        groups = chosen if isinstance(chosen, Mapping) else {"app": chosen}
        Path(path).write_text(inventory_text(groups, self.known_hosts, user, data))
        return Path(path)

    def _make(
        self, names: list[str], system: System | None, base: Base, layer: str | None
    ) -> list[Host]:
        self.up()
        system = system or default()
        for name in names:
            if layer is None:
                chain = tuple(str(path) for path in bases.layers(system, base))
            else:
                found = self._site.layers.find(layer, name)
                system, base, chain = found.system, found.base, found.chain
            registry.add(self._site, name, system, base, chain)
        hosts = [self.find(name) for name in names]
        with ThreadPoolExecutor() as pool:
            # A list, so that what went wrong in any of them is raised here.
            list(pool.map(Host.start, hosts))
        return hosts
