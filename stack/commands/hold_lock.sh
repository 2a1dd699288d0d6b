# shellcheck shell=sh
# Takes a host's lock, and holds it for as long as the connection lasts. It writes to that for as
# long as it is there: when the controller dies, or the network between, the write fails, this ends,
# and the kernel frees the lock.
#
# $1 the lock's file, $2 who takes it, $3 the token of the run, $4 how many seconds it may take a
# run that has just ended to let go.
lock=$1
# shellcheck disable=SC2174 # /run is there already
mkdir -p -m 700 "${lock%/*}"
exec 9>>"$lock"
flock -w "$4" 9 || {
  head -n 1 "$lock"
  exit 75
}
printf '%s, since %s\n%s\n' "$2" "$(date -u '+%F %T UTC')" "$3" > "$lock"
while echo; do sleep 1 9>&-; done
