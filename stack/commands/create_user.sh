# shellcheck shell=sh
# Makes the project's user.
#
# $1 the group of his own, then useradd's words.
make_group "$1"
shift
make_user "$@"
