"""Releases of the project's code."""

from pathlib import PurePosixPath as Path

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, migrations
from stack.operations import release as operations
from stack.project import files as declared
from stack.project.release import Release
from stack.state import migrator


@deploy("Release")
@on(APP)
def build(release: Release) -> None:
    """Build the release beside what is live."""
    project = release.project
    requirements = project.settings.requirements
    operations.nothing_left_behind(
        name="Leave nothing behind that the live release has written", release=release
    )
    operations.unpacked(name=f"Unpack {release.id}", release=release)
    operations.environment_written(name=f"Give {release.id} its environment", release=release)
    operations.virtualenv_built(name=f"Build a virtualenv from {requirements}", release=release)
    operations.checked(name=f"Check {release.id}", release=release)
    operations.static_collected(name=f"Collect the static files of {release.id}", release=release)
    files.in_place(
        name="Keep the script that puts releases live",
        release=release,
        files=declared.switch(project),
    )


@deploy("Release")
@on(APP)
def migrate(release: Release) -> None:
    """Migrate the database, where this host is the one to do it before any switches."""
    if migrator.migrates(release) and not migrator.migrates_in_turn(release):
        migrations.migrated(name=f"Migrate the database to {release.id}", release=release)


@deploy("Release")
@on(APP)
def clean_up(release: Release) -> None:
    """Keep as many releases as the settings say."""
    keep = release.project.settings.keep_releases
    operations.old_ones_removed(name=f"Keep the newest {keep}", release=release)


@deploy("Release")
@on(APP)
def restore_database(release: Release, dump: Path) -> None:
    """Put the database back as it was, on the host that migrates it."""
    migrations.restored(
        name=f"Put the database back as it was at {dump}", release=release, dump=dump
    )
