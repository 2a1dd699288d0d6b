"""How far the host of a database is: pure functions of what was read from it."""

from dataclasses import replace
from ipaddress import ip_address

from stack.database import files
from stack.database.observation import Server
from stack.database.scram import is_of
from stack.host.files import out_of_place
from stack.host.observation import Unit
from stack.project.target import Target
from stack.settings.database import Database


def former_clients(seen: Server, database: Database) -> list[str]:
    """The addresses that are let in, and are those of app hosts no more."""
    return [client for client in seen.clients if client not in database.clients]


def still_open(seen: Server, database: Database) -> Database:
    """The database as it is until the end of a run: for its app hosts, and for the former ones."""
    if set(database.clients) <= set(seen.clients):
        return replace(database, clients=seen.clients)
    return replace(database, clients=(*database.clients, *former_clients(seen, database)))


def is_loaded(seen: Server, database: Database) -> bool:
    """Whether PostgreSQL runs, now and after a boot, with the configuration that is on disk."""
    cluster, answer = seen.cluster, seen.answer
    if cluster is None or answer is None:
        return False
    if out_of_place(files.server(database, cluster), seen.entries):
        return False  # to be put in place, which changes what there is to load
    unit = seen.units.get(cluster.unit, Unit())
    return (
        seen.units.get("postgresql", Unit()).runs
        and unit.active == "active"
        and not unit.is_stale
        # systemd does not notice a folder of drop-ins that is new.
        and files.drop_in(database) in unit.drop_ins
        and cluster.starts == "auto"
        and answer.settings == files.settings(database, cluster)
        and not answer.pending
        and cluster.changed <= answer.loaded <= seen.now
        and seen.sockets == sockets(database)
    )


def is_dumped(seen: Server, target: Target) -> bool:
    """Whether the database is dumped every night."""
    unit = seen.units.get(f"{target.layout.user}-dump", Unit())
    timer = seen.units.get(f"{target.layout.user}-dump.timer", Unit())
    stale = unit.is_stale or timer.is_stale
    return timer.runs and not stale and not out_of_place(files.dumps(target), seen.entries)


def failed_dump(seen: Server, target: Target) -> str:
    """Why the last dump failed, in systemd's words; empty when it did not."""
    result = seen.units.get(f"{target.layout.user}-dump", Unit()).result
    return "" if result == "success" else result


def is_there(seen: Server, database: Database) -> bool:
    """Whether the database is there, with its role and the role's password.

    What does not answer says nothing; it is taken to be as it should when it has any database.
    """
    if seen.answer is None:
        return seen.cluster is not None and seen.cluster.is_used
    role = seen.answer.role
    password = database.password.get_secret_value()
    return (
        seen.answer.owner == database.name
        and seen.answer.is_open
        and role is not None
        and role.is_plain
        and is_of(password, role.head, role.digest)
    )


def is_lost(seen: Server) -> bool:
    """Whether the database was there once, and is gone.

    The role is made after it, and dumps are made of it. What does not answer may have it, unless
    there is no database at all.
    """
    answer = seen.answer
    if answer is None:
        has_none = seen.cluster is None or not seen.cluster.is_used
        return has_none and bool(seen.dumps)
    return not answer.owner and bool(answer.role or seen.dumps)


def sockets(database: Database) -> frozenset[str]:
    """Where PostgreSQL is to listen, as /proc/net/tcp writes addresses: word by word, reversed."""
    return frozenset(_of_kernel(address) for address in database.listens_on)


def _of_kernel(address: str) -> str:
    packed = ip_address(address).packed
    words = [packed[start : start + 4][::-1] for start in range(0, len(packed), 4)]
    return b"".join(words).hex().upper()
