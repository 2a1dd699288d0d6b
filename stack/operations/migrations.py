"""What releases do to the database of the project, and how it is undone."""

from collections.abc import Generator
from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands import migrations
from stack.commands.build import check
from stack.commands.system import refuse
from stack.facts.pending import PendingMigrations
from stack.inventory.hosts import names_of
from stack.project.release import Release
from stack.run.changing import changing
from stack.state import migrator
from stack.state.placement import place
from stack.state.reading import observe

Commands = Generator[StringCommand, None, None]


@operation()
def migrated(release: Release) -> Commands:
    """Have the database migrated by this release."""
    here = place(release, observe(release))
    if here.has(".migrated"):
        host.noop("this release has migrated the database")
        return
    if here.has(".built") and not state.is_executing:
        pending = host.get_fact(
            PendingMigrations,
            project=release.project,
            folder=here.folder,
            names=list(release.environment),
        )
        for line in pending or []:
            host.log(line)
    if state.failed_hosts:
        # Not left to FAIL_PERCENT alone: a person may answer pyinfra's question with yes.
        failed = ", ".join(names_of(state.failed_hosts))
        yield refuse(f"{failed} failed, so the database is not migrated.")
    todo = [migrations.migrate(here, migrator.migrates_for_others(release))]
    if state.is_executing and not here.has(".checked"):
        todo.append(check(here, again=True))
    yield from changing(release, todo)


@operation()
def restored(release: Release, dump: Path) -> Commands:
    """Have the database as it was when a dump was written, whatever it is now.

    Args:
        dump: its path on the host.
    """
    yield from changing(release, [migrations.restore(release.project, dump)])
