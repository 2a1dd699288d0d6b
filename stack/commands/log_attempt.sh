# shellcheck shell=sh
# Adds a line to the release log, or nothing of it: the next one would be lost with what was cut short.
#
# $1 the log, $2 how many seconds ago it began that the line tells of. On standard input comes the
# line, but for its time, which is this host's own.
log=$1
umask 022
IFS= read -r line
time=$(date -u -d "@$(($(date +%s) - $2))" +%Y-%m-%dT%H:%M:%SZ)
before=0
[ ! -e "$log" ] || before=$(wc -c < "$log")
printf '{"time": "%s", %s\n' "$time" "$line" >> "$log" || {
  truncate -s "$before" "$log"
  exit 1
}
