# shellcheck shell=sh
# Runs a program in a folder.
#
# $1 the folder, $2 the program, then its words.
cd "$1" || exit
shift
exec "$@"
