"""What is told of a host: a part for each role that it plays, and what is asked of every one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass


@dataclass(frozen=True)
class App:
    """What it serves."""

    release: str
    doubt: str
    """Why it may not be the release that is said to be live; empty when it is."""
    since: str
    health: str
    workers: int | None
    """None when what runs them was not seen, as with the sizes below."""
    supervisor: str
    """What is wrong with supervisord, for a person; empty when nothing is."""
    unreached: Sequence[str]
    """What visitors get in place of a file that the live release has collected."""
    kept: Sequence[str]
    """The releases that are whole."""
    never_live: Sequence[str]
    """Of these, the ones that failed before they took over: one cannot go back to them."""
    failed_schedules: Mapping[str, str]
    """Why the last run of each failed, by its name."""
    used_bytes: int | None
    """By releases and virtualenvs."""
    free_bytes: int | None


@dataclass(frozen=True)
class Database:
    """How its database is doing."""

    database: str
    dumps: Sequence[str]
    """Oldest first."""
    failed_dump: str
    """Why the last one failed; empty when it did not."""


@dataclass(frozen=True)
class Balancer:
    """How it is doing as a balancer, and over whom."""

    balancer: str
    servers: Sequence[str]


@dataclass(frozen=True)
class Certificate:
    """Which certificate visitors get."""

    certificate: str
    certificate_names: Sequence[str]


@dataclass(frozen=True)
class HostStatus:
    """All of it; None for what the host has no part in."""

    app: App | None
    database: Database | None
    balancer: Balancer | None
    certificate: Certificate | None
    deploying: str
    """Who deploys to it now, from where and since when; empty when nobody does."""
    closed: bool | None
    still_served: str
    """That it runs the site without being in app; empty when it does not, as with the next two."""
    still_balanced: str
    """That it balances visitors without being in lb."""
    still_stored: str
    """That it has the database without being in db."""
    firewall: str
    """What is wrong with it, as with the next three; empty when nothing is."""
    ufw: str
    swap: str
    home: str
    beside: Mapping[str, Sequence[str]]
    """The other projects on the host, and the names of their sites."""
    drift: Sequence[str]


def as_json(status: HostStatus) -> dict[str, object]:
    """The same for machines: flat, without what the host has no part in."""
    told: dict[str, object] = {}
    for name, its in vars(status).items():
        if is_dataclass(its) and not isinstance(its, type):
            told |= asdict(its)
        elif its is not None:
            told[name] = its
    return told
