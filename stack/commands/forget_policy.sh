# shellcheck shell=sh
# Removes what a run that was killed has left behind, by which packages start no services.
#
# $1 its path, $2 what tells it from a person's own.
! grep -qs "$2" "$1" || rm "$1"
