"""What the hosts of one lab have in common."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab.layers import Layers
from tests.lab.network import Network
from tests.lab.store import lab_folder


@dataclass(frozen=True)
class Site:
    """A lab by name, with its subnet ("10.99.1")."""

    name: str
    subnet: str

    @property
    def folder(self) -> Path:
        """All that the lab keeps on disk."""
        return lab_folder(self.name)

    @property
    def network(self) -> Network:
        """Its bridge, namespaces and masquerade."""
        return Network(self.name, self.subnet)

    @property
    def layers(self) -> Layers:
        """Its snapshots."""
        return Layers(self.folder / "layers")

    @property
    def group(self) -> str:
        """The control group above those of all its hosts."""
        return f"lab-{self.name}"

    @property
    def known_hosts(self) -> Path:
        """The ssh host keys of its hosts."""
        return self.folder / "known_hosts"

    def host_folder(self, host: str) -> Path:
        """What it keeps of one host."""
        return self.folder / "hosts" / host
