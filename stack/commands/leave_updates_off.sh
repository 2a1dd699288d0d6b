# shellcheck shell=sh
# Has a package that is about to be installed leave updates off: it is our own file that turns them
# on, and when that is gone they are off.
#
# $1 the package.
echo "$1 $1/enable_auto_updates boolean false" | debconf-set-selections
