# shellcheck shell=sh
# Whether Nginx takes its files, and Django answers a visitor of the site's name.
#
# $1 the folder of root's scripts for the project.
nginx -t -q
cd "$1" || exit
python3 -B -m switch.known
