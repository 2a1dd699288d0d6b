"""What the database's host still has of a leaving project: pure functions of what was read."""

from dataclasses import replace

from pydantic import SecretStr

from stack.database import files
from stack.database.observation import Server
from stack.host.files import Declared, out_of_place
from stack.project.target import Target
from stack.settings.database import LOOPBACK, Database

ORIGINALS = "/var/lib/django-stack-postgresql"
"""What was in the place of pg_hba.conf before; one project of a host has its PostgreSQL."""


def undeclared(target: Target) -> Database:
    """The database of a host where no group has one any more: what leaves has its name, and lets
    nobody in."""
    return Database(target.layout.user, SecretStr(""), LOOPBACK, ())


def own(seen: Server, target: Target, database: Database) -> list[str]:
    """The paths of files that are the project's alone."""
    ours = [file.path for file in files.dumps(target) if file.path.startswith("/usr/local/sbin/")]
    ours.append(files.drop_in(database))
    if seen.cluster:
        ours.append(files.server(database, seen.cluster)[0].path)
    return [path for path in ours if path in seen.entries]


def timers(seen: Server, target: Target) -> list[str]:
    """The names of timers."""
    name = f"{target.layout.user}-dump"
    units = [f"{files.UNITS}/{name}.{kind}" for kind in ("timer", "service")]
    return [name] if any(unit in seen.entries for unit in units) else []


def is_its(seen: Server, target: Target, database: Database) -> bool:
    """Whether a deployment has set PostgreSQL up for the project, by files that nobody else has.

    A database of its name may have been made by hand, and a folder of its dumps outlives it.
    """
    is_recorded = f"{target.layout.library}/database.json" in seen.entries
    return is_recorded or bool(own(seen, target, database) or timers(seen, target))


def is_lent(seen: Server) -> bool:
    """Whether there is something to put back in the place of our pg_hba.conf."""
    cluster = seen.cluster
    return cluster is not None and f"{ORIGINALS}{cluster.folder}/pg_hba.conf" in seen.entries


def nobodys(seen: Server, database: Database) -> list[Declared]:
    """Our pg_hba.conf without anybody from elsewhere, where what was before it was not kept."""
    if seen.cluster is None or is_lent(seen) or not seen.clients:
        return []
    empty = replace(database, clients=())
    [hba] = [f for f in files.server(empty, seen.cluster) if f.path.endswith("/pg_hba.conf")]
    return out_of_place([hba], seen.entries)


def lags(seen: Server, target: Target) -> bool:
    """Whether PostgreSQL may still run with what is no longer in its files."""
    is_here = f"{target.layout.library}/database.json" in seen.entries
    if not is_here or seen.cluster is None or seen.answer is None:
        return False
    return seen.answer.pending or seen.cluster.changed > seen.answer.loaded


def has_data(seen: Server) -> bool:
    """Whether there is a database or its role; what does not answer may have one."""
    if seen.answer is None:
        return seen.cluster is not None and seen.cluster.is_used
    return bool(seen.answer.owner or seen.answer.role)
