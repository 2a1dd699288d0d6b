# shellcheck shell=sh
# Runs a command while it has what all projects of the host share to itself.
#
# $1 the lock's file, $2 how many seconds the command of another project may take, then the words of
# the command.
lock=$1 seconds=$2
shift 2
# shellcheck disable=SC2174 # /run is there already
mkdir -p -m 700 "${lock%/*}"
exec 7>>"$lock"
flock -w "$seconds" 7 || {
  echo "Another project of this host has not released $lock within $seconds s." >&2
  exit 75
}
# What the command leaves running, Nginx say, does not hold it.
"$@" 7>&-
