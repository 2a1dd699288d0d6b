# shellcheck shell=sh disable=SC2034,SC2154 # last_lines takes $follow, and leaves $told
# Migrates the database, dumping it first where that is wanted. A dump is named by its time, for a
# migration that fails half way may be tried again.
#
# $1 the release's folder, $2 that of root's scripts for the project, $3 `several-hosts` where
# others share the database, $4 `dump` where it is wanted, $5 the code that migrates, $6 that which
# tells why the database cannot be reached, $7 the names in `env`, $8 and $9 the project's own
# commands after the first migration of the database, and after each, a line for each, ${10} this
# run: Django may have migrated in it already, as it checked the release.
trap still_live EXIT
release=$1 migrating=$5 reach=$6 after_first=$8 after_each=$9 run=${10}
export DECLARED="$7" PGCONNECT_TIMEOUT=10
# Whether it is the first outlives a run that is cut before its commands have ended. Of one without
# commands, a release keeps it: they may be declared once that has turned out to need them.
first=$HOME/.first-migration begun=$first
[ -n "$after_first" ] || begun=$release/.first-migration
dump=$release/before-migrating-$(date -u +%Y%m%dT%H%M%SZ).dump
set -- SEVERAL_HOSTS="$3" FIRST="$begun" DUMP_BY="$2/database.py" "$4"
if [ "$4" = dump ]; then set -- "$1" "$2" "$3" DUMP_TO="$dump"; else set -- "$1" "$2" "$3"; fi
broken='' told=''
[ "$(cat "$release/.migrated-in" 2>/dev/null)" = "$run" ] || {
  django_begins "$release"
  follow='s/^  Applying \([^ ]\{1,200\}\.\.\. OK\)$/applied \1/p'
  last_lines in_django "$release" "$migrating" PYTHONUNBUFFERED=1 "$@" || broken=1
  django_ends "$release"
}
if [ -n "$broken" ]; then
  # Of an address that is wrong, a driver's own words are many, and name no setting.
  case $told in *OperationalError*)
    last_lines in_django "$release" "$reach" || : ;;
  esac
fi
[ ! -e "$dump" ] || echo "the database as it was: $dump"
[ -z "$broken" ] || {
  failed=$(printf '%s\n' "$told" |
    sed -n '/ OK$/d; s/^  Applying \([^ ]*\)\.\.\..*/\1/p' | tail -n 1)
  [ -z "$failed" ] || echo "The migration $failed failed; those above that were applied stay applied." >&2
  exit 1
}
if [ -n "$after_first" ] && [ ! -e "$HOME/$USER" ]; then
  for mark in "$HOME"/releases/*/.first-migration; do
    if [ -e "$mark" ]; then touch "$first" && rm -f "$mark"; fi
  done
fi
if [ -e "$first" ]; then
  run_commands "$release" first_migration "$after_first"
  rm -f "$first"
fi
run_commands "$release" after_migrate "$after_each"
touch "$release/.migrated"
rm -f "$release/.migrated-in"
