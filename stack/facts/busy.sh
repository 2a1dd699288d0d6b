# shellcheck shell=sh
# Tells `busy` where a command that changes the host is under way, of a run that was cut say. Leaves
# no trace: where there is no lock, nobody ever took it.
#
# $1 the file of the lock that commands hold, $2 how many seconds such a command may still take.
[ ! -e "$1" ] || flock -s -w "$2" "$1" true || echo busy
