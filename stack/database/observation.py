"""What the host of a database is like."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stack.host.observation import Entry, Unit


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL's files and processes as Debian has them, of the port that is ours."""

    version: str
    """As "15"."""
    name: str
    starts: str
    """`auto` when it starts with the host."""
    changed: float
    """The last change to any of its configuration, in seconds since the epoch."""
    is_used: bool
    """Whether it has a database that PostgreSQL does not make by itself."""

    @property
    def folder(self) -> str:
        """Where its configuration is."""
        return f"/etc/postgresql/{self.version}/{self.name}"

    @property
    def unit(self) -> str:
        """The name of its unit."""
        return f"postgresql@{self.version}-{self.name}"


@dataclass(frozen=True)
class Role:
    """A role with a password."""

    is_plain: bool
    """Whether it can log in, for ever, and has none of the rights over others."""
    head: str
    """What its verifier was made with: `ITERATIONS:SALT`; empty when it is none."""
    digest: str
    """Of the verifier."""


@dataclass(frozen=True)
class Answer:
    """What a running server says of itself."""

    loaded: float
    """When it last read its configuration, in seconds since the epoch."""
    pending: bool
    """Whether some of it takes effect with a restart only."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Those that are asked for."""
    role: Role | None = None
    owner: str = ""
    """Whose the database is; empty when there is none."""
    is_open: bool = True
    """Whether it takes connections, and is no template, which nobody can drop."""
    others: Mapping[str, str] = field(default_factory=dict)
    """The databases that neither PostgreSQL nor the project has made, and whose they are."""
    logins: tuple[str, ...] = ()
    """The roles of that kind that can log in."""


@dataclass(frozen=True)
class Server:
    """The host of a database at one moment, read in one command."""

    now: float = 0.0
    """In seconds since the epoch."""
    is_installed: bool = False
    cluster: Cluster | None = None
    answer: Answer | None = None
    """None when nothing answers."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    sockets: frozenset[str] = frozenset()
    """Where the port is listened on, as /proc/net/tcp writes addresses."""
    clients: tuple[str, ...] = ()
    """The addresses that are let in, in the order of pg_hba.conf."""
    dumps: tuple[str, ...] = ()
    """The names of the dumps, oldest first."""
    left: frozenset[str] = frozenset()
    """The folders in /var/backups that may have a project's dumps, which outlive it."""
    rules: tuple[str, ...] = ()
    """What pg_hba.conf has besides comments, with one space between words, five words of each."""
