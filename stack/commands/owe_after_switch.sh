# shellcheck shell=sh
# Notes that a release that is about to go live has commands to run after that. A host that is cut
# off, or loses its power, in between goes live all the same.
#
# $1 the release's folder.
: > "$1/.after"
sync -f "$1"
