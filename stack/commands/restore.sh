# shellcheck shell=sh
# Puts the database back as it was when a dump was written. What was migrated since then is to be
# migrated again.
#
# $1 the dump, in its release's folder, $2 the folder of root's scripts for the project, $3 that of
# the releases, $4 the code that tells why the database cannot be reached, $5 the names in `env`.
dump=$1 library=$2 releases=$3
# In one start of Django: the first ends it where there is no database.
script="$4
exec(open('$library/database.py').read())"
last_lines in_django "${dump%/*}" "$script" RESTORE_FROM="$dump" DECLARED="$5" || {
  echo 'The database is as it was.' >&2
  exit 1
}
find "$releases" -mindepth 2 -maxdepth 2 -name .migrated -newer "$dump" -delete
