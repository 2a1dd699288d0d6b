"""The database that the app hosts share."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import DB
from stack.operations import database as operations
from stack.operations import order
from stack.release import Release

MOST_NAMED = 8
"""How many addresses a name has room for: pyinfra's tables are as wide as the longest name."""


@deploy("Database")
@on(DB)
def serve(release: Release) -> None:
    """Run PostgreSQL for the app hosts, with a dump every night."""
    project, database = release.project, release.project.database
    assert database  # noqa: S101 - there is one where there is a host for it
    operations.installed(name="Install postgresql", release=release)
    clients = ", ".join(database.clients)
    if len(database.clients) > MOST_NAMED:
        clients = f"{len(database.clients)} app hosts"
    operations.configured(name=f"Let in {clients}", release=release, database=database)
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
