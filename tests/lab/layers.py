"""Snapshots: what hosts of a lab have written, kept as layers that others can stand on."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.recipe import Base
from tests.lab.record import Record
from tests.lab.store import read_json, write_json
from tests.lab.systems import System


@dataclass(frozen=True)
class Layer:
    """A snapshot by `host`; `record` is the host as it was, `chain` includes the snapshot."""

    name: str
    host: str
    system: System
    base: Base
    chain: tuple[str, ...]


class Layers:
    """The snapshots of one lab. One is never deleted before the lab: hosts may stand on it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where they are kept, on the file system of the hosts' own layers."""
        self._folder = folder

    def keep(self, name: str, record: Record, upper: Path) -> Layer:
        """Move a stopped host's `upper` here, as the host's newest snapshot of that name."""
        if name == "base":
            raise LabError("a snapshot cannot be called 'base': a host has one already")
        number = 1 + sum(1 for _ in self._folder.glob("*.json"))
        target = self._folder / f"{number:04}-{record.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        upper.rename(target)
        layer = Layer(name, record.name, record.system, record.base, (*record.chain, str(target)))
        write_json(target.with_name(f"{target.name}.json"), vars(layer))
        return layer

    def find(self, name: str, host: str) -> Layer:
        """The snapshot of that name: the host's own if it has one, else the newest of any host.

        Raises LabError when there is none.
        """
        named = [layer for layer in self._all() if layer.name == name]
        own = [layer for layer in named if layer.host == host]
        if not named:
            known = sorted({layer.name for layer in self._all()})
            raise LabError(f"{host}: no snapshot {name!r}; there are: {', '.join(known) or 'none'}")
        return (own or named)[-1]

    def _all(self) -> list[Layer]:
        values = [read_json(path) for path in sorted(self._folder.glob("*.json"))]
        return [Layer(**{**value, "chain": tuple(value["chain"])}) for value in values if value]
