# shellcheck shell=sh
# Removes links and marks of a deployment's from the home, as its user, and folders of caches that are
# empty by now.
#
# $1 the home, then names in it.
cd "$1" || exit
shift
rm -rf -- "$@"
rmdir .cache .local/share .local 2> /dev/null || :
