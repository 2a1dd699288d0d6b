"""Putting a release live, going back, and clearing away old ones."""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.commands import nginx
from stack.project.layout import Layout
from stack.project.target import Target
from stack.shell.account import as_user
from stack.shell.printing import LAST_LINES, telling

# manage.py may print lines of its own, so ours begin with a word.
WAY_BACK = (
    LAST_LINES
    + r"""
live=$1 target=$2
ask() {
  last_lines "$@" || {
    echo 'So it cannot be told whether migrations are left behind that have no way back.' >&2
    echo 'Go back all the same with --data force=True.' >&2
    exit 1
  }
}
ask "$target/manage" shell -c '
from django.db import connection
from django.db.migrations.loader import MigrationLoader
for app, name in MigrationLoader(connection).disk_migrations:
    print("known", f"{app}.{name}")'
known=$(printf '%s\n' "$told" | sed -n 's/^known //p')
ask env KNOWN="$known" "$live/manage" shell -c '
import os
from django.db import connection
from django.db.migrations.loader import MigrationLoader
loader, known = MigrationLoader(connection), os.environ["KNOWN"].split()
for key in sorted(loader.applied_migrations):
    migration = loader.disk_migrations.get(key)
    if ".".join(key) in known or migration is None:
        continue
    if not all(operation.reversible for operation in migration.operations):
        print("lost", ".".join(key))'
lost=$(printf '%s\n' "$told" | sed -n 's/^lost //p')
if [ -n "$lost" ]; then
  echo 'These migrations have no way back, and the older code may not work with what they did:' >&2
  printf '  %s\n' $lost >&2
  echo 'Go back all the same with --data force=True.' >&2
  exit 1
fi
"""
)

# root removes, for root may have left files there, say by running manage.py. The user can swap
# folders for symlinks meanwhile: so from a folder that is what its path says, and no further.
REMOVE = r"""
set -eu
parent=$(readlink -f "$1")/$2; shift 2
cd "$parent"
[ "$(pwd -P)" = "$parent" ] || { echo "$parent is not a folder of its own." >&2; exit 1; }
rm -rf --one-file-system -- "$@"
"""

LINK_LOGS = r"""
logs=$1 link=$2
if [ -e "$link" ] && [ ! -L "$link" ]; then mv -T "$link" "$link.replaced-$(date +%s)"; fi
ln -sfn "$logs" "$link.new"
mv -fT "$link.new" "$link"
"""


def put_live(
    target: Target, folder: str, virtualenv: str, by: str, program: str = "", revision: str = ""
) -> StringCommand:
    """Put a release live by the host's own script, with the program's file that it needs.

    Args:
        folder: the release's name in ~/releases.
        virtualenv: a name in ~/.virtualenvs.
        by: who does it, and from where, for the host's release log.
        program: the text of that file; empty for what the settings declare.
        revision: what the release was made from; empty when that is not known.
    """
    words = ["python3", "-B", "-m", "switch", "--program-file", "/dev/stdin", "--by", by]
    words += ["--revision", revision, folder, virtualenv]
    switch = f"cd {shlex.quote(str(target.layout.library))} && {shlex.join(words)}"
    stdin = program or target.files.program.content
    return telling(StringCommand(f"{nginx.READ_ALL}{switch}", _stdin=stdin))


def check_way_back(layout: Layout, live: str, earlier: str) -> StringCommand:
    """Fail when going back leaves behind migrations that cannot be undone."""
    folders = (str(layout.releases / name) for name in (live, earlier))
    return as_user(layout, WAY_BACK, *folders)


def remove(layout: Layout, paths: Iterable[str]) -> Iterator[StringCommand]:
    """Remove old releases and virtualenvs."""
    old = [PurePosixPath(path) for path in paths]
    for parent in (layout.releases, layout.virtualenvs):
        if names := [f"./{path.name}" for path in old if path.parent == parent]:
            words = ["sh", "-c", REMOVE, "sh", str(layout.home), parent.name, *names]
            yield StringCommand(shlex.join(words))


def open_releases(layout: Layout) -> StringCommand:
    """Let Nginx pass to the static files."""
    return as_user(layout, 'chmod 711 "$1"', str(layout.releases))


def link_logs(layout: Layout) -> StringCommand:
    """~/logs leads to the logs."""
    return as_user(layout, LINK_LOGS, str(layout.logs), str(layout.home / "logs"))
