# shellcheck shell=sh disable=SC2154,SC2086 # last_lines leaves $told; $skip is a word or none
# Migrates the database, dumping it first where that is wanted. A dump is named by its time, for a
# migration that fails half way may be tried again.
#
# $1 the release's folder, $2 that of root's scripts for the project, $3 `several-hosts` where
# others share the database, $4 `dump` where it is wanted, $5 the code that tells why the database
# cannot be reached, $6 the names in `env`, $7 and $8 the project's own
# commands after the first migration of the database, and after each, a line for each.
release=$1 library=$2 reach=$5
export DECLARED="$6" PGCONNECT_TIMEOUT=10
reached() {
  "$@" && return
  # Of an address that is wrong, a driver's own words are many, and name no setting.
  case $told in *OperationalError*)
    last_lines "$release/manage" shell -v 0 -c "$reach" || : ;;
  esac
  return 1
}
if [ "$3" = several-hosts ]; then
  last_lines "$release/manage" shell -v 0 -c \
    'from django.db import connection; print("vendor", connection.vendor)'
  case $told in *'vendor sqlite'*)
    echo 'Every host has a SQLite database of its own: set migrate = "each".' >&2
    exit 1 ;;
  esac
fi
# A check that failed for want of the migrations would keep them from being applied.
skip=
[ -e "$release/.checked" ] || skip=--skip-checks
if [ "$4" = dump ] && ! "$release/manage" migrate --check $skip > /dev/null 2>&1; then
  dump=$release/before-migrating-$(date -u +%Y%m%dT%H%M%SZ).dump
  script="exec(open('$library/database.py').read())"
  reached last_lines env DUMP_TO="$dump" "$release/manage" shell -v 0 -c "$script"
  [ ! -e "$dump" ] || echo "the database as it was: $dump"
fi
# Whether it is the first outlives a run that is cut before its commands have ended.
first=$HOME/.first-migration
# shellcheck disable=SC2086 # one word or none
if [ -n "$7" ] && plan=$("$release/manage" showmigrations --plan $skip 2> /dev/null); then
  case $plan in *'[X]'*) ;; *) : > "$first" ;; esac
fi
reached last_lines "$release/manage" migrate --noinput $skip
printf '%s\n' "$told" | sed -n 's/^  Applying /applied /p'
if [ -e "$first" ]; then
  run_commands "$release" first_migration "$7"
  rm -f "$first"
fi
run_commands "$release" after_migrate "$8"
touch "$release/.migrated"
