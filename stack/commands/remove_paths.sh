# shellcheck shell=sh
# Removes files and folders of root's. One where an understudy listened, the project's user has filled.
#
# The words are their paths.
remove_here 60 rm -rf --one-file-system -- "$@"
