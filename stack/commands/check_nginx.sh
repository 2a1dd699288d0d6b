# shellcheck shell=sh
# Whether Nginx takes its files; while its site is still to be put in place, what is wrong is not
# looked at.
#
# $1 the link to our own site.
if [ ! -L "$1" ] || [ -e "$1" ]; then nginx -t -q; fi
