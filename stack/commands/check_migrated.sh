# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Fails when the database lacks migrations of a release.
#
# $1 the release's folder, $2 the host that migrates, $3 the code that tells why the database cannot
# be reached, $4 the names in `env`.
release=$1 migrator=$2 reach=$3
export DECLARED="$4" PGCONNECT_TIMEOUT=10
last_lines "$release/manage" migrate --check || {
  case $told in *OperationalError*) last_lines in_django "$release" "$reach" || exit 1 ;; esac
  echo "The database lacks migrations of this release, or cannot be read. $migrator migrates for" \
    "all hosts, and is not in this run: run it with $migrator too." >&2
  exit 1
}
