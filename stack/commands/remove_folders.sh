# shellcheck shell=sh
# Removes folders of the home, as root, who may have left files there, say by running manage.py. The
# user can swap folders for symlinks meanwhile: so from a folder that is what its path says, and no
# further.
#
# $1 the home, $2 the name of a folder in it or nothing, then the names of what is to go there, each with ./.
parent=$(readlink -f "$1")${2:+/$2}
shift 2
cd "$parent" || exit
[ "$(pwd -P)" = "$parent" ] || {
  echo "$parent is not a folder of its own." >&2
  exit 1
}
rm -rf --one-file-system -- "$@"
