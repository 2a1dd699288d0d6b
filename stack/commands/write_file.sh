# shellcheck shell=sh
# Writes a file of a release that is for the project's user alone, in one step.
#
# $1 the folder `src` of the release, $2 the file's path from there. Its text comes on standard input
# as base64.
mkdir -p "$(dirname "$1/$2")"
# A link of the source could lead out of the release.
folder=$(cd "$(dirname "$1/$2")" && pwd -P) name=${2##*/}
case $folder/ in
  "$(cd "$1/.." && pwd -P)/source/"*) ;;
  *)
    cat > /dev/null
    echo "files[\"$2\"] would be in $folder, outside of the release." >&2
    exit 1 ;;
esac
rm -f "$folder/$name.new"
take "$folder/$name.new"
chmod 600 "$folder/$name.new"
mv -fT "$folder/$name.new" "$folder/$name"
