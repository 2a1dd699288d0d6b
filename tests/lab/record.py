"""What the lab remembers of a host on disk, so that another process can go on with it."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.lab.process import Process
from tests.lab.recipe import Base
from tests.lab.store import read_json, write_json
from tests.lab.systems import System


@dataclass(frozen=True)
class Record:
    """A host: the last number of its address, the layers below its own, and its processes.

    `origin` is what it was made from, `chain` what it stands on now; both bottom first.
    """

    name: str
    number: int
    system: System
    base: Base
    origin: tuple[str, ...]
    chain: tuple[str, ...]
    nspawn: Process | None = None
    init: Process | None = None

    def running(self, nspawn: Process | None, init: Process | None) -> "Record":
        """The same host with other processes."""
        return replace(self, nspawn=nspawn, init=init)

    def on(self, chain: tuple[str, ...]) -> "Record":
        """The same host on other layers."""
        return replace(self, chain=chain)

    def save(self, folder: Path) -> None:
        """Write it to the host's folder."""
        write_json(folder / "host.json", asdict(self))


def load(folder: Path) -> Record | None:
    """The record in a host's folder; None where there is none, or not a whole one."""
    value = read_json(folder / "host.json")
    try:
        return None if value is None else _record(value)
    except (KeyError, TypeError):
        return None


def _record(value: dict[str, Any]) -> Record:
    fields = {**value, "origin": tuple(value["origin"]), "chain": tuple(value["chain"])}
    for name in ("nspawn", "init"):
        fields[name] = Process(**value[name]) if value[name] else None
    return Record(**fields)
