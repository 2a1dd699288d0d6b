"""The database that the app hosts share."""

from pyinfra.api import deploy

from stack.inventory.hosts import on, plays
from stack.inventory.naming import named
from stack.inventory.roles import APP, DB, LB
from stack.operations import database as operations
from stack.operations import order
from stack.project.release import Release


@deploy("Database")
@on(DB)
def serve(release: Release) -> None:
    """Run PostgreSQL for the app hosts, with a dump every night."""
    project, database = release.project, release.project.database
    assert database  # noqa: S101 - there is one where there is a host for it
    operations.installed(name="Install postgresql", release=release)
    operations.configured(
        name=f"Let in {named(database.clients, 'app hosts')}", release=release, database=database
    )
    operations.running(
        name="Run PostgreSQL with its configuration", release=release, database=database
    )
    operations.dumped(
        name=f"Dump {database.name} every night, and keep {project.settings.keep_dumps}",
        release=release,
    )
    operations.present(
        name=f"Have the database {database.name} and its role", release=release, database=database
    )


@deploy("Database")
def wait(release: Release) -> None:
    """Have no host go on before the database is there."""
    if release.project.database:
        order.others_done(name="Have it before what needs it", role=DB)


@deploy("Database")
def close(release: Release) -> None:
    """Let in former app hosts no more, once nobody is sent there."""
    project, database = release.project, release.project.database
    if not database:
        return
    order.others_done(
        name="Have nobody sent to former app hosts", role=LB if project.front else APP
    )
    if plays(DB):
        operations.closed(name="Keep out former app hosts", release=release, database=database)
