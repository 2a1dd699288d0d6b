# shellcheck shell=sh
# Makes the project's user.
#
# $1 the group of his own, then useradd's words.
groupadd --force --system "$1"
shift
exec useradd "$@"
