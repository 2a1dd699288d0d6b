# shellcheck shell=sh
# Runs a script that may be cut off: what it has told until then does.
#
# $1 how many seconds it may take, $2 the script, then its words.
seconds=$1 script=$2
shift 2
timeout "$seconds" sh -c "$script" sh "$@" || :
