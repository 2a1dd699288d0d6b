# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Collects the static files, which makes a release whole. Where they are is in the release's note,
# which Django left as it checked the release; src/static without one. Where that is another folder,
# the link `static` of the release leads there; where there is none, `static` is an empty folder. What
# others may read is only that folder: the rest of the code stays the user's own.
#
# $1 the release's folder, $2 True where Django is to collect them, $3 the text of times.py, $4 that
# of compress.py, $5 the pattern of what that compresses, $6 the code that has Django collect them
# into a folder of ours, for a project without STATIC_ROOT, $7 and $8 the project's own commands
# before and after that, a line for each.
trap still_live EXIT
release=$(cd "$1" && pwd -P) times=$3 compress=$4 compressed=$5 collect=$6
src=$(cd "$release/src" && pwd -P)
static=$src/static whose=
if [ -f "$release/.static" ]; then
  { read -r static && read -r whose; } < "$release/.static" || whose=
  [ -z "$static" ] || static=$release/$static
fi
# What the project's own commands make belongs to the release, and what Django has written does not:
# where an earlier start of it was cut, that ends here.
django_ends "$release"
# What they write is younger than this.
[ -z "$7" ] || [ -e "$release/.commands" ] || : > "$release/.commands"
run_commands "$release" before_static "$7"
# Django may have collected them as it checked the release.
if [ "$2" = True ] && [ -n "$static" ] && [ ! -e "$release/.collected" ]; then
  django_begins "$release"
  if [ "$whose" = ours ]; then
    last_lines in_django "$release" "$collect" COLLECT_INTO="$static"
  else
    last_lines "$release/manage" collectstatic --noinput
  fi
  django_ends "$release"
fi
run_commands "$release" after_static "$8"
rm -rf "$release/static"
if [ -n "$static" ] && [ -d "$static" ]; then
  # A link in the source could lead out of the release.
  folder=$(cd "$static" && pwd -P)
  case $folder in
    "$release/source/"*) ;;
    *)
      echo "The static files are in $folder, outside of the release." >&2
      exit 1 ;;
  esac
  [ "$folder" = "$src/static" ] || ln -s "${folder#"$release/"}" "$release/static"
  # What is live has most of it already, where that is not the first.
  before=$HOME/$USER/static
  [ -d "$before" ] || before=$HOME/$USER/src/static
  "$release/virtualenv/bin/python" -I -B -c "$compress" "$folder" "$compressed" "$before"
  "$release/virtualenv/bin/python" -I -B -c "$times" "$folder"
  chmod -R a+rX "$folder"
  while [ "$folder" != "$release" ]; do chmod a+x "$folder"; folder=${folder%/*}; done
else
  # Where Nginx may look it finds that a file is not there, and the app is asked for it.
  mkdir -m 755 "$release/static"
fi
manifest_of_release "$release" > "$release/.now"
made_of "$release" "$release/.now"
mv "$release/.built.new" "$release/.built"
rm -f "$release/.now"
