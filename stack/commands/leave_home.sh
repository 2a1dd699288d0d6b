# shellcheck shell=sh
# Removes links, marks and caches of a deployment's from the home, as its user.
#
# $1 the home, then paths in it.
cd "$1" || exit
shift
for path; do
  rm -rf -- "$path"
  case $path in
    */*) rmdir -p --ignore-fail-on-non-empty -- "${path%/*}" 2> /dev/null || : ;;
  esac
done
