# shellcheck shell=sh
# Keeps a file that is about to be replaced for the first time, for the day on which the project
# leaves.
#
# $1 the folder that keeps it, $2 the file.
if [ -f "$2" ] && [ ! -e "$1$2" ] && ! grep -q '^# Written by the deployment' "$2"; then
  # shellcheck disable=SC2174 # /var/lib is there already
  mkdir -p -m 700 "$1"
  mkdir -p "$1${2%/*}"
  cp -aT "$2" "$1$2.new"
  mv -T "$1$2.new" "$1$2"
fi
