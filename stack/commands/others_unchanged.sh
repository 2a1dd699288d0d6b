# shellcheck shell=sh
# Fails when something else is written down of the host's other projects than what was read.
#
# $1 the name of this project, $2 the digest of what was read.
[ "$(others_written "$1")" = "$2" ] || {
  echo "Another project was deployed to this host at the same moment: run this again." >&2
  exit 1
}
