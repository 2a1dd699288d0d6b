"""Migrating the database, dumping it first, and putting it back."""

from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.onhost import inside
from stack.project.target import Target
from stack.shell.account import as_user
from stack.shell.printing import telling
from stack.shell.scripts import script
from stack.state.placement import Placement

MIGRATE = script(
    __file__,
    "migrate.sh",
    "still_live.sh",
    "in_django.sh",
    "last_lines.sh",
    "run_commands.sh",
    "manifests.sh",
    "by_django.sh",
)
CHECK_MIGRATED = script(__file__, "check_migrated.sh", "in_django.sh", "last_lines.sh")
RESTORE = script(__file__, "restore.sh", "in_django.sh", "last_lines.sh")


def migrate(place: Placement, several_hosts: bool, run: str) -> StringCommand:
    """Migrate the database from the release's code, and tell what was applied.

    Args:
        several_hosts: this host migrates for others too, so the database cannot be its own.
        run: this one, in which it may have been migrated already.
    """
    target = place.target
    words = [
        str(place.folder),
        str(target.layout.library),
        "several-hosts" if several_hosts else "",
    ]
    words.append("dump" if target.settings.dump_before_migrate else "")
    words.append(inside.code("sqlite", "history", "anew", "doubts", "migrating"))
    words += _reach(target)
    steps = ("first_migration", "after_migrate")
    words += ["\n".join(target.settings.commands.get(step, ())) for step in steps]
    words.append(run)
    return telling(as_user(target.layout, MIGRATE, *words))


def check_migrated(place: Placement, migrator: str) -> StringCommand:
    """Fail when the database lacks migrations of the release.

    Args:
        migrator: the host that applies them, which is not in the run.
    """
    target = place.target
    words = (str(place.folder), migrator, *_reach(target))
    return as_user(target.layout, CHECK_MIGRATED, *words)


def _reach(target: Target) -> tuple[str, str]:
    """What tells why the database cannot be reached: its code, and the names in `env`."""
    return inside.code("sqlite", "reach"), " ".join(target.settings.env)


def restore(target: Target, dump: PurePosixPath) -> StringCommand:
    """Have the database as it was when a release's dump was written."""
    layout = target.layout
    words = (str(dump), str(layout.library), str(layout.releases), *_reach(target))
    return as_user(layout, RESTORE, *words)
