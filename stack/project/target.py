"""What one host is to be."""

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from stack.inventory.roles import APP, LB
from stack.project.app_server import AppServer, app_server
from stack.project.files import Files
from stack.project.layout import Layout
from stack.project.packages import BALANCER, CERTBOT, app_packages
from stack.project.release import Release
from stack.settings import Settings
from stack.settings.database import Database
from stack.settings.front import Front


@dataclass(frozen=True)
class Target:
    """All that is wanted of a host, which is what its observation is compared with."""

    settings: Settings
    roles: Set[str] = frozenset({APP})
    release: Release | None = None
    """That of the settings, on a host that runs the app, in a run that makes it."""
    database: Database | None = None
    """That of the inventory's group `db`, which the app hosts share."""
    front: Front | None = None
    """The hosts of the group `lb`, and what they balance over."""
    peers: tuple[str, ...] = ()
    """The addresses of the other hosts that visitors come to."""
    is_first: bool = True
    """Whether it does what one app host does for all."""
    ipv6: bool = True
    """Whether its kernel has IPv6, without which Nginx refuses to listen there."""
    leaves: bool = False
    """Whether it is to have nothing more of the project: so all that it may have is read."""

    @property
    def app(self) -> Release:
        """The release of the settings, on a host that runs the app.

        Raises:
            LookupError: it does not, or the run is not about that release.
        """
        if self.release is None:
            raise LookupError("this host is to have no release of the settings'")
        return self.release

    @cached_property
    def layout(self) -> Layout:
        """Where the project's things are."""
        return Layout(self.settings.project)

    @cached_property
    def server(self) -> AppServer:
        """What runs the app."""
        return app_server(self.settings)

    @cached_property
    def files(self) -> Files:
        """The files of root's: what is not among them is neither read nor written."""
        return Files(
            self.settings,
            self.layout,
            self.server,
            self.roles,
            self.front,
            self.peers,
            self.is_first,
            self.ipv6,
        )

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """Debian's packages: what is not among them is neither read nor installed."""
        return (
            *(app_packages(self.settings) if APP in self.roles else ()),
            *(BALANCER if LB in self.roles else ()),
            *(CERTBOT if self.is_certified else ()),
        )

    @property
    def is_public(self) -> bool:
        """Whether visitors come to this host itself."""
        return self.files.is_public

    @property
    def is_certified(self) -> bool:
        """Whether a CA is to certify the site's names for this host."""
        return self.is_public and self.settings.tls == "acme"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the site, and those that only lead to it."""
        site = self.front.site if self.front else self.settings
        return (*site.server_name, *site.redirect_names)

    @property
    def address(self) -> str:
        """What Nginx proxies to, as Nginx writes it.

        Without a path: so Django gets the visitor's as it was asked for, slash by slash.
        """
        return f"http://{self.settings.bind}"
