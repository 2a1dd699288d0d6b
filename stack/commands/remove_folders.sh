# shellcheck shell=sh
# Removes folders of the home, as root, who may have left files there, say by running manage.py. The
# user can swap folders for symlinks meanwhile: so from a folder that is what its path says, and no
# further.
#
# $1 the home, $2 root's folder for what is being removed, $3 how many seconds that is waited for
# where it could be set aside, $4 the name of a folder in the home or nothing. On standard input the
# names of what is to go there, a line for each, with ./.
parent=$(readlink -f "$1")${4:+/$4} aside=$2 patience=$3
# shellcheck disable=SC2046 # no name has a space, or what the shell would complete
set -- $(cat)
cd "$parent" || exit
[ "$(pwd -P)" = "$parent" ] || {
  echo "$parent is not a folder of its own." >&2
  exit 1
}
set_aside "$aside" "$@"
remove_aside "$aside" "$patience"
# It is in the next plan for as long as it is there.
remove_here 60 rm -rf --one-file-system -- "$@"
