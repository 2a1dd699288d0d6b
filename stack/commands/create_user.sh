# shellcheck shell=sh
# Makes the project's user.
#
# $1 the group of his own, $2 where it would be written down that there was one of his name, then
# useradd's words.
make_group "$1"
rm -f "$2"
shift 2
make_user "$@"
