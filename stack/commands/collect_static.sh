# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Collects the static files, which makes a release whole. Django tells where they went; Nginx serves
# them from src/static. What others may read is only that folder: the rest of the code stays the
# user's own.
#
# $1 the release's folder, $2 True where Django is to collect them, $3 the text of times.py.
release=$1 times=$3
if [ "$2" = True ]; then
  last_lines "$release/manage" collectstatic --noinput
  root=$(cd "$release/src" && pwd -P)/static
  case $told in
    *" to '$root'"*) ;;
    *" to '"*)
      echo "STATIC_ROOT has to be BASE_DIR / 'static' (src/static), from where Nginx serves;" >&2
      echo "Django says: $told" >&2
      exit 1 ;;
  esac
fi
if [ -d "$release/src/static" ]; then
  folder=$(cd "$release/src" && pwd -P)
  "$release/virtualenv/bin/python" -I -B -c "$times" "$folder/static"
  chmod -R a+rX "$folder/static"
  while [ "$folder" != "$release" ]; do chmod a+x "$folder"; folder=${folder%/*}; done
fi
manifest_of_release "$release" > "$release/.built.new"
sync -f "$release"
mv "$release/.built.new" "$release/.built"
