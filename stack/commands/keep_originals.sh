# shellcheck shell=sh
# Keeps what the first project of a host is about to replace, for the day on which the last leaves.
#
# $1 the folder that keeps it, then paths.
folder=$1
shift
rm -rf "$folder.new"
# Another project has come first, at the same moment.
[ ! -d "$folder" ] || exit 0
# shellcheck disable=SC2174 # /var/lib is there already
mkdir -p -m 700 "$folder.new"
for path; do
  if [ -L "$path" ] || [ -f "$path" ]; then
    mkdir -p "$folder.new${path%/*}"
    cp -aT "$path" "$folder.new$path"
  fi
done
mv -T "$folder.new" "$folder"
