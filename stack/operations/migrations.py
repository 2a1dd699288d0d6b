"""What releases do to the database of the project, and how it is undone."""

from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import migrations
from stack.commands.checking import check
from stack.commands.system import refuse
from stack.facts.pending import PendingMigrations
from stack.inventory.hosts import names_of
from stack.project.target import Target
from stack.run import lock
from stack.run.attempt import logged
from stack.run.changing import Commands, changing
from stack.state import migrator
from stack.state.dumps import written_since
from stack.state.history import live_folder
from stack.state.placement import place
from stack.state.reading import observe


def migrating(target: Target) -> Commands:
    """Have the database migrated by this release."""
    here = place(target, observe(target))
    # They may have been declared after a first release that could not do without them.
    is_first = target.settings.commands.get("first_migration") and not live_folder(here)
    if here.has(".migrated") and not is_first:
        host.noop("this release has migrated the database")
        return
    if here.has(".built") and not state.is_executing:
        pending = host.get_fact(
            PendingMigrations,
            layout=target.layout,
            folder=here.folder,
            names=list(target.app.environment),
        )
        for line in pending or []:
            host.log(line)
    todo = [migrations.migrate(here, migrator.migrates_for_others(target), lock.RUN)]
    if state.is_executing and not here.has(".checked"):
        todo.append(check(here, again=True))
    yield from logged(here, _refuse_after_a_failure(), changing(target, todo))


def _refuse_after_a_failure() -> Commands:
    if state.failed_hosts:
        # Not left to FAIL_PERCENT alone: a person may answer pyinfra's question with yes.
        failed = ", ".join(names_of(state.failed_hosts))
        yield refuse(f"{failed} failed, so the database is not migrated.")


migrated = operation()(migrating)


@operation()
def restored(target: Target, dump: Path) -> Commands:
    """Have the database as it was when a dump was written, whatever it is now.

    Args:
        dump: its path on the host.
    """
    if state.is_executing and (other := written_since(target)):
        why = f"has been migrated since this was planned, and has the dump {other} of before"
        yield refuse(f"{host.name} {why}. Nothing was changed. Run it again.")
        return
    yield from changing(target, [migrations.restore(target, dump)])
