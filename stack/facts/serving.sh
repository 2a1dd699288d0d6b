# shellcheck shell=sh
# Asks a host by its own scripts, and says nothing where they cannot tell: an earlier version may have
# put them there, or somebody has damaged them.
#
# $1 the folder of the project's scripts, $2 what asks, in Python.
cd "$1" 2> /dev/null || exit 0
python3 -B -c "$2" 2> /dev/null || :
