"""PostgreSQL, the database that the app hosts share, and its dumps."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import database as commands
from stack.commands import timers
from stack.commands.files import put
from stack.database import files
from stack.database.observation import Cluster
from stack.database.state import (
    former_clients,
    is_dumped,
    is_loaded,
    is_lost,
    is_there,
    still_open,
)
from stack.host.files import out_of_place
from stack.operations.diff import show
from stack.operations.foretold import refuse_foretold
from stack.operations.order import is_asked_for_elsewhere
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.settings.database import Database
from stack.state.reading import observe_server

UNKNOWN = Cluster("VERSION", "main", "", 0.0, False)
"""Stands in a plan for the cluster that Debian will make, whatever version it has."""


@operation()
def installed(target: Target) -> Commands:
    """Have PostgreSQL, with Debian's one cluster."""
    seen = observe_server(target)
    todo = [] if seen.is_installed else [commands.install_server()]
    if todo or seen.cluster is None:
        # Installing makes the cluster, unless Debian's tools were told not to.
        yield from changing(target, [*todo, commands.create_cluster()])
    else:
        host.noop("PostgreSQL is installed")


@operation()
def configured(target: Target, database: Database) -> Commands:
    """Have the files that say where PostgreSQL listens, and for whom.

    A host that is no app host any more may still have visitors: it is let in until `closed`.
    """
    seen = observe_server(target)
    wanted = files.server(still_open(seen, database), seen.cluster or UNKNOWN)
    wrong = out_of_place(wanted, seen.entries)
    if not wrong:
        host.noop("all files are in place")
        return
    show(wrong, seen.entries)
    kept = commands.keep_original(database, seen.cluster or UNKNOWN)
    yield from changing(target, [kept, put(wrong)])


@operation()
def running(target: Target, database: Database) -> Commands:
    """Have PostgreSQL run, now and after a boot, with the configuration that is on disk."""
    seen = observe_server(target)
    if is_loaded(seen, still_open(seen, database)):
        host.noop("PostgreSQL runs with its files")
    else:
        yield from changing(target, [commands.load(database, seen.cluster or UNKNOWN)])


@operation()
def closed(target: Target, database: Database, sent_by: str) -> Commands:
    """Have nobody let in but the app hosts of today, where nobody is sent to former ones.

    Args:
        target: what the host is to be.
        database: as it is to be.
        sent_by: the role of the hosts that say where visitors are sent.
    """
    seen = observe_server(target)
    former = former_clients(seen, database)
    if seen.cluster is None or not former:
        host.noop("only app hosts are let in")
        return
    if is_asked_for_elsewhere(former, sent_by):
        host.noop("former app hosts may still be needed")
        return
    wrong = out_of_place(files.server(database, seen.cluster), seen.entries)
    show(wrong, seen.entries)
    yield from changing(target, [put(wrong), commands.load(database, seen.cluster)])


@operation()
def dumped(target: Target) -> Commands:
    """Have the database dumped every night, and a way back from a dump."""
    seen = observe_server(target)
    if is_dumped(seen, target):
        host.noop("it is dumped")
        return
    wrong = out_of_place(files.dumps(target), seen.entries)
    show(wrong, seen.entries)
    yield from changing(target, timers.run(f"{target.layout.user}-dump", wrong))


@operation()
def present(target: Target, database: Database) -> Commands:
    """Have the database, with its role and the role's password.

    One that was there once is not made again, empty.
    """
    seen = observe_server(target)
    if is_there(seen, database):
        host.noop("the database is there")
    elif is_lost(seen):
        name, newest = database.name, seen.dumps[-1] if seen.dumps else "DUMP"
        # A plan may tell this of a server that only its run sets up.
        when = "" if seen.answer else ", once this run has PostgreSQL run"
        yield from refuse_foretold(
            f"The database {name} is gone from {host.name}. Restore it there{when}: "
            f"{name}-restore-database {target.layout.backups}/{newest}; or, without its data, "
            f"make it anew: runuser -u postgres -- createdb {name}"
        )
    else:
        yield from changing(target, [commands.create(database)])
