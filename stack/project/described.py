"""What the files of a host are rendered from."""

from collections.abc import Set
from dataclasses import dataclass

from stack.inventory.roles import APP, LB
from stack.project.app_server import AppServer
from stack.project.layout import Layout
from stack.project.rendering import render
from stack.settings import Settings
from stack.settings.front import Front


@dataclass(frozen=True)
class Described:
    """A host, as templates see it."""

    settings: Settings
    layout: Layout
    server: AppServer
    roles: Set[str] = frozenset({APP})
    front: Front | None = None
    peers: tuple[str, ...] = ()
    is_first: bool = True
    ipv6: bool = True

    @property
    def is_public(self) -> bool:
        """Whether visitors come to this host itself."""
        return LB in self.roles or (APP in self.roles and self.front is None)

    def _render(self, template: str, **values: object) -> str:
        return render(
            template,
            settings=self.settings,
            layout=self.layout,
            front=self.front,
            peers=self.peers,
            ipv6=self.ipv6,
            **values,
        )
