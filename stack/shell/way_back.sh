# shellcheck shell=sh disable=SC2154,SC2086 # last_lines leaves $told; names hold no spaces
# Fails when going back leaves behind migrations that cannot be undone, or when Nginx has the files of
# the earlier release's pages elsewhere. manage.py may print lines of its own, so ours begin with a
# word.
#
# $1 the folder of the live release, $2 that of the earlier one, $3 the code that asks that one, $4
# `static_url`, $5 `media_root`, $6 `media_url`.
way_back() {
  live=$1 earlier=$2
  ask() {
    last_lines "$@" || {
      echo 'So it cannot be told whether migrations are left behind that have no way back.' >&2
      echo 'Go back all the same with --data force=True.' >&2
      exit 1
    }
  }
  ask env STATIC="$4" MEDIA="$5" MEDIA_AT="$6" DECLARED= "$earlier/manage" shell -v 0 -c "$3"
  apart=$(printf '%s\n' "$told" | sed -n 's/^apart //p')
  [ -z "$apart" ] || {
    printf '%s\n' "$apart" >&2
    echo 'Its pages would lack them. Go back with that setting, by --data NAME=VALUE too.' >&2
    exit 1
  }
  known=$(printf '%s\n' "$told" | sed -n 's/^known //p')
  ask env KNOWN="$known" "$live/manage" shell -v 0 -c '
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
}
