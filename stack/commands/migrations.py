"""Migrating the database, dumping it first, and putting it back."""

from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.commands.account import as_user
from stack.commands.telling import LAST_LINES, telling
from stack.placement.place import Placement
from stack.project import Project

# A dump is named by its time, for a migration that fails half way may be tried again.
MIGRATE = (
    LAST_LINES
    + r"""
release=$1 library=$2
if [ "$3" = several-hosts ]; then
  last_lines "$release/manage" shell -c \
    'from django.db import connection; print("vendor", connection.vendor)'
  case $told in *'vendor sqlite'*)
    echo 'Every host has a SQLite database of its own: set migrate = "each".' >&2
    exit 1 ;;
  esac
fi
if [ "$4" = dump ] && ! "$release/manage" migrate --check > /dev/null 2>&1; then
  dump=$release/before-migrating-$(date -u +%Y%m%dT%H%M%SZ).dump
  script="exec(open('$library/database.py').read())"
  last_lines env DUMP_TO="$dump" "$release/manage" shell -c "$script"
  [ ! -e "$dump" ] || echo "the database as it was: $dump"
fi
last_lines "$release/manage" migrate --noinput
printf '%s\n' "$told" | sed -n 's/^  Applying /applied /p'
touch "$release/.migrated"
"""
)

CHECK_MIGRATED = r"""
told=$("$1/manage" migrate --check 2>&1) || {
  printf '%s\n' "$told" | tail -n 30 >&2
  echo "The database lacks migrations of this release, or cannot be read. $2 migrates for all" \
    "hosts, and is not in this run: run it with $2 too." >&2
  exit 1
}
"""

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
    return telling(as_user(project, MIGRATE, *words))


def check_migrated(place: Placement, migrator: str) -> StringCommand:
    """Fail when the database lacks migrations of the release.

    Args:
        migrator: the host that applies them, which is not in the run.
    """
    return as_user(place.release.project, CHECK_MIGRATED, str(place.folder), migrator)


def restore(project: Project, dump: PurePosixPath) -> StringCommand:
    """Have the database as it was when a release's dump was written."""
    words = (str(dump), str(project.library), str(project.releases))
    return as_user(project, RESTORE, *words)
