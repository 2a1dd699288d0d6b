"""The database of the inventory's group `db`, from the settings of all hosts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from pydantic import SecretStr

from stack.inventory.roles import APP, DB, Roles, playing
from stack.settings.model import Settings
from stack.settings.network import is_address
from stack.settings.problem import Problem
from stack.settings.secret import are_read

PORT = 5432
LOOPBACK = "127.0.0.1"

# PostgreSQL keeps these for itself, as names of databases or of roles.
RESERVED = frozenset({"template0", "template1", "public", "none"})


@dataclass(frozen=True)
class Database:
    """The database that all app hosts share; its role has the same name."""

    name: str
    password: SecretStr
    address: str
    """Where the app hosts find it."""
    clients: tuple[str, ...]
    """From which addresses they come, in the inventory's order."""

    @property
    def listens_on(self) -> tuple[str, ...]:
        """The addresses at which connections are taken."""
        return tuple(dict.fromkeys((LOOPBACK, self.address)))

    @property
    def url(self) -> SecretStr:
        """DATABASE_URL. It follows from the settings alone, and is the same for all app hosts."""
        if not are_read(self.password):
            return self.password
        secret = quote(self.password.get_secret_value(), safe="")
        host = f"[{self.address}]" if ":" in self.address else self.address
        return SecretStr(f"postgres://{self.name}:{secret}@{host}:{PORT}/{self.name}")


def database_of(settings: Mapping[str, Settings], roles: Roles) -> Database | None:
    """The database that an inventory without problems declares; None without a host for it.

    Args:
        settings: of all hosts, by name.
        roles: the same hosts'.
    """
    apps, servers = playing(APP, roles), playing(DB, roles)
    if not servers:
        return None
    its = settings[servers[0]]
    alone = apps == servers
    return Database(
        its.project,
        its.database_password,
        LOOPBACK if alone else its.address,
        (LOOPBACK,) if alone else tuple(settings[app].address for app in apps),
    )


def with_url(settings: Settings, database: Database) -> Settings:
    """The settings of an app host with the DATABASE_URL, unless they have another."""
    if "DATABASE_URL" in settings.env:
        return settings
    env = MappingProxyType({**settings.env, "DATABASE_URL": database.url})
    return settings.model_copy(update={"env": env})


def default_address(host: str, data: Mapping[str, object]) -> dict[str, object]:
    """The address by which pyinfra reaches a host, as data for it; empty where that is a name."""
    address = str(data.get("ssh_hostname") or host)
    return {"address": address} if is_address(address) else {}


def database_problems(settings: Mapping[str, Settings], roles: Roles) -> Iterator[Problem]:
    """What keeps the hosts of the group `db` from serving those of the group `app`."""
    apps, servers = playing(APP, roles), playing(DB, roles)
    if len(servers) > 1:
        text = "the group db has several hosts; expected one, because nothing copies its data"
        yield Problem("inventory", text, tuple(servers))
    if len(servers) != 1:
        return
    [server] = servers
    its = settings[server]
    if not its.database_password:
        text = "database_password: is missing; expected the password of the database's role"
        yield Problem("database_password", text, (server,))
    if its.project in RESERVED or its.project.startswith("pg_"):
        text = f'project = "{its.project}": is reserved by PostgreSQL; expected another name'
        yield Problem("project", text, (server,))
    sharing = [app for app in apps if "DATABASE_URL" not in settings[app].env]
    each = tuple(app for app in sharing if settings[app].migrate == "each")
    if each and len(sharing) > 1:
        text = f'migrate = "each": the app hosts share the database of {server}; expected "once"'
        yield Problem("migrate", text, each)
