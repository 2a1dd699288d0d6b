"""The database that the app hosts share."""

from pyinfra.api import deploy

from stack.inventory.hosts import on, plays
from stack.inventory.naming import named
from stack.inventory.roles import APP, DB, LB
from stack.operations import database as operations
from stack.operations import order
from stack.project.target import Target


@deploy("Database")
@on(DB)
def serve(target: Target) -> None:
    """Run PostgreSQL for the app hosts, with a dump every night."""
    database = target.database
    assert database  # noqa: S101 - there is one where there is a host for it
    operations.installed(name="Install postgresql", target=target)
    operations.configured(
        name=f"Let in {named(database.clients, 'app hosts')}", target=target, database=database
    )
    operations.running(
        name="Run PostgreSQL with its configuration", target=target, database=database
    )
    operations.dumped(
        name=f"Dump {database.name} every night, and keep {target.settings.keep_dumps}",
        target=target,
    )
    operations.present(
        name=f"Have the database {database.name} and its role", target=target, database=database
    )


@deploy("Database")
def wait(target: Target) -> None:
    """Have no host go on before the database is there."""
    if target.database:
        order.others_done(name="Wait for the database", role=DB)


@deploy("Database")
def close(target: Target) -> None:
    """Let in former app hosts no more, once nobody is sent there."""
    database = target.database
    if not database:
        return
    sent_by = LB if target.front else APP
    order.others_done(name="Have nobody sent to former app hosts", role=sent_by)
    if plays(DB):
        operations.closed(
            name="Keep out former app hosts", target=target, database=database, sent_by=sent_by
        )
