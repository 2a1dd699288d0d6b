# shellcheck shell=sh
# Lets others pass through a folder, as Nginx must to the static files, but not look.
#
# $1 the folder.
chmod 711 "$1"
