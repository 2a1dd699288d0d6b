"""The hosts that a lab has: their names, addresses and ssh keys."""

import re
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.recipe import Base
from tests.lab.record import Record, load
from tests.lab.site import Site
from tests.lab.store import locked
from tests.lab.systems import System

HOST_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
# The last numbers of addresses; .1 is the bridge.
NUMBERS = range(2, 255)


def records(site: Site) -> list[Record]:
    """Every host that the lab knows, in the order of their addresses."""
    folders = site.host_folder("any").parent.glob("*")
    found = [record for folder in folders if (record := load(folder))]
    return sorted(found, key=lambda record: record.number)


def add(site: Site, name: str, system: System, base: Base, chain: tuple[str, ...]) -> None:
    """Give a new host the lowest free address, and let ssh know its keys. Raises LabError."""
    if not HOST_NAME.fullmatch(name):
        raise LabError(f"host name {name!r}: expected lower-case letters, digits and '-'")
    with locked(site.folder / "hosts.lock"):
        known = records(site)
        if any(record.name == name for record in known):
            raise LabError(f"{name}: the lab has a host of that name already")
        taken = {record.number for record in known}
        number = next((number for number in NUMBERS if number not in taken), None)
        if number is None:
            raise LabError(f"{name}: the lab is full, with {len(taken)} hosts")
        Record(name, number, system, base, chain, chain).save(site.host_folder(name))
        _add_known_host(site, name, site.network.address(number), Path(chain[0]))


def _add_known_host(site: Site, name: str, address: str, bottom: Path) -> None:
    # Every host of a base has the base's keys: made once, they survive every reset.
    with site.known_hosts.open("a") as file:
        for key in sorted((bottom / "etc/ssh").glob("ssh_host_*_key.pub")):
            kind, text = key.read_text().split()[:2]
            file.write(f"{name},{address} {kind} {text}\n")
