"""Releases of the project's code."""

from pathlib import PurePosixPath as Path

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import earlier, interpreters, migrations, switch_script, unpacking
from stack.operations import release as operations
from stack.project.target import Target
from stack.run.flags import is_set
from stack.state import migrator
from stack.state.neighbours import arrives
from stack.state.placement import place
from stack.state.reading import observe

KEEP_SCRIPT = "Keep the script that puts releases live"


@deploy("Release")
@on(APP)
def have_ready(target: Target) -> None:
    """Have on this machine what the host lacks of the release, before anything changes there.

    Raises:
        DeployError: it cannot be had.
    """
    seen = observe(target)
    here = place(target, seen)
    if not here.has(".unpacked"):
        unpacking.have_archive(target)
    its = target.app.interpreter
    if its.version and its.command not in seen.entries:
        interpreters.archive_of(target)


@deploy("Release")
@on(APP)
def announce(target: Target) -> None:
    """Have other projects' runs know of this one from its first run on.

    Until its first release is built they would take the host for theirs alone, and open
    supervisord's socket to their user again; and a project that comes meanwhile would take what
    this one is about to.
    """
    if arrives(observe(target), target.layout.user):
        switch_script.announced(name=KEEP_SCRIPT, target=target)


@deploy("Release")
@on(APP)
def build(target: Target) -> None:
    """Build the release beside what is live."""
    requirements = target.settings.requirements
    earlier.nothing_left_behind(
        name="Leave nothing behind that the live release has written", target=target
    )
    earlier.room_made(name="Remove old releases, to have room", target=target)
    unpacking.unpacked(name=f"Unpack {target.app.id}", target=target)
    operations.environment_written(name=f"Give {target.app.id} its environment", target=target)
    operations.virtualenv_built(name=f"Build a virtualenv from {requirements}", target=target)
    operations.checked(
        name=f"Check {target.app.id}", target=target, new_database=is_set("new_database")
    )
    if target.settings.media_root:
        operations.media_open(name="Let Nginx read the uploads", target=target)
    operations.static_collected(name=f"Collect the static files of {target.app.id}", target=target)
    if not arrives(observe(target), target.layout.user):
        switch_script.kept(name=KEEP_SCRIPT, target=target)


@deploy("Release")
@on(APP)
def migrate(target: Target) -> None:
    """Migrate the database, where this host is the one to do it before any switches."""
    if migrator.migrates(target) and not migrator.migrates_in_turn(target):
        migrations.migrated(name=f"Migrate the database to {target.app.id}", target=target)


@deploy("Release")
@on(APP)
def follow(target: Target) -> None:
    """Complete a switch after which the connection was cut."""
    if target.settings.commands.get("after_switch"):
        operations.followed(name=f"Run after_switch of {target.app.id}", target=target)


@deploy("Release")
@on(APP)
def clean_up(target: Target) -> None:
    """Keep as many releases as the settings say."""
    keep = target.settings.keep_releases
    earlier.old_ones_removed(name=f"Keep the newest {keep}", target=target)


@deploy("Release")
@on(APP)
def restore_database(target: Target, dump: Path) -> None:
    """Put the database back as it was, on the host that migrates it."""
    migrations.restored(name=f"Put the database back as it was at {dump}", target=target, dump=dump)
