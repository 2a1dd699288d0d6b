# shellcheck shell=sh
# Removes files of root's.
#
# The words are their paths.
rm -f "$@"
