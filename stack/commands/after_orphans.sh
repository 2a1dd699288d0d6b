# shellcheck shell=sh
# Runs a command once none of an earlier run is under way. A command goes on when its connection is
# cut; whatever it starts holds the lock with it.
#
# $1 the file of the lock that commands hold, $2 how many seconds such a command may still take,
# then the words of the command.
lock=$1 seconds=$2
shift 2
# shellcheck disable=SC2174 # /run is there already
mkdir -p -m 700 "${lock%/*}"
exec 8>>"$lock"
flock -w "$seconds" 8 || {
  echo "A command of an earlier run is still running here after $seconds s." >&2
  exit 75
}
exec "$@"
