"""Migrating the database, dumping it first, and putting it back."""

from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.onhost import inside
from stack.project.layout import Project
from stack.shell.account import as_user
from stack.shell.printing import LAST_LINES, telling
from stack.shell.scripts import beside
from stack.state.placement import Placement

MIGRATE = LAST_LINES + beside(__file__, "migrate.sh")
CHECK_MIGRATED = LAST_LINES + beside(__file__, "check_migrated.sh")

# What was migrated since then is to be migrated again.
RESTORE = (
    LAST_LINES
    + r"""
dump=$1 library=$2 releases=$3
script="exec(open('$library/database.py').read())"
last_lines env RESTORE_FROM="$dump" "${dump%/*}/manage" shell -c "$script" || {
  echo 'The database is as it was.' >&2
  exit 1
}
find "$releases" -mindepth 2 -maxdepth 2 -name .migrated -newer "$dump" -delete
"""
)


def migrate(place: Placement, several_hosts: bool) -> StringCommand:
    """Migrate the database from the release's code, and tell what was applied.

    Args:
        several_hosts: this host migrates for others too, so the database cannot be its own.
    """
    project = place.release.project
    words = [str(place.folder), str(project.library), "several-hosts" if several_hosts else ""]
    words.append("dump" if project.settings.dump_before_migrate else "")
    words += _reach(project)
    return telling(as_user(project, MIGRATE, *words))


def check_migrated(place: Placement, migrator: str) -> StringCommand:
    """Fail when the database lacks migrations of the release.

    Args:
        migrator: the host that applies them, which is not in the run.
    """
    project = place.release.project
    words = (str(place.folder), migrator, *_reach(project))
    return as_user(project, CHECK_MIGRATED, *words)


def _reach(project: Project) -> tuple[str, str]:
    """What tells why the database cannot be reached: its code, and the names in `env`."""
    return inside.code("reach"), " ".join(project.settings.env)


def restore(project: Project, dump: PurePosixPath) -> StringCommand:
    """Have the database as it was when a release's dump was written."""
    words = (str(dump), str(project.library), str(project.releases))
    return as_user(project, RESTORE, *words)
