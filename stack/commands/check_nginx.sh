# shellcheck shell=sh
# Whether Nginx takes its files; where its site is not in place yet, what is wrong is not looked at.
#
# $1 the link to our own site, $2 what has to be there for that.
[ ! -e "$2" ] || readable "$1"
