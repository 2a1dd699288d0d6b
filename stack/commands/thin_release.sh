# shellcheck shell=sh
# Removes a release but for its dumps; as remove_folders.sh, which see.
#
# $1 the home, $2 root's folder for what is being removed, $3 how many seconds that is waited for
# where it could be set aside. On standard input paths of releases in the home, a line for each.
home=$(readlink -f "$1") aside=$2 patience=$3
# shellcheck disable=SC2046 # no path has a space, or what the shell would complete
set -- $(cat)
for path; do
  cd "$home/$path" || exit
  [ "$(pwd -P)" = "$home/$path" ] || {
    echo "$home/$path is not a folder of its own." >&2
    exit 1
  }
  set_aside_all_but "$aside" 'before-migrating-*.dump'
  remove_aside "$aside" "$patience"
  remove_here 60 find . -mindepth 1 -maxdepth 1 ! -name 'before-migrating-*.dump' \
    -exec rm -rf --one-file-system -- {} +
done
