# shellcheck shell=sh
# Removes a release but for its dumps; as remove_folders.sh, which see.
#
# $1 the home, then paths of releases in it.
home=$(readlink -f "$1")
shift
for path; do
  cd "$home/$path" || exit
  [ "$(pwd -P)" = "$home/$path" ] || {
    echo "$home/$path is not a folder of its own." >&2
    exit 1
  }
  find . -mindepth 1 -maxdepth 1 ! -name 'before-migrating-*.dump' \
    -exec rm -rf --one-file-system -- {} +
done
