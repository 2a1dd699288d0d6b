"""The systems that hosts can have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """One on which all of this is tested."""

    id: str
    """os-release's ID."""
    version: str
    """os-release's VERSION_ID."""
    python: str
    """The full version of its own python3."""

    @property
    def title(self) -> str:
        """Its name for a person."""
        return f"{self.id.capitalize()} {self.version}"


SYSTEMS = (
    System("debian", "12", "3.11.2"),
    System("debian", "13", "3.13.5"),
    System("ubuntu", "24.04", "3.12.3"),
    System("ubuntu", "26.04", "3.14.4"),
)
"""Those of each distribution together, the oldest first."""
