# shellcheck shell=sh
# Whether Nginx takes its files, and Django answers a visitor of the site's name.
#
# $1 the link to our own site, $2 the folder of root's scripts for the project.
readable "$1"
cd "$2" || exit
python3 -B -m switch.known
