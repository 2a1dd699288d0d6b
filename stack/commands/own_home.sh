# shellcheck shell=sh
# Lets others pass through the home, as Nginx must to the static files, but not look.
#
# $1 the home, $2 whose it is: USER:GROUP.
mkdir -p "$1"
chown "$2" "$1"
chmod 711 "$1"
