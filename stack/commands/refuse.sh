# shellcheck shell=sh
# Fails.
#
# $1 why, for the person at the terminal.
printf '%s\n' "$1" >&2
exit 1
