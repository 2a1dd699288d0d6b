# shellcheck shell=sh
# Tells what was written into releases since they were built: after a line `r FOLDER` one for each
# file (f) and folder (d) that was added, and for each path of `shared` (s) that is their own,
# was changed, and holds any file; `end` where all of it was told. A folder that its own user may not
# look into, as root makes it, counts as a file: nobody can tell what it holds.
#
# $1 the paths of `shared`, a line for each, then the releases' folders.
export LC_ALL=C
shared=$1 newline='
'; shift
paths() {
  sed -n 's/^\(.*\) f [0-7]* [0-9]* [0-9]* [0-9.]* *$/f \1/p; s/^\(.*\) d [0-7]* [0-9]*$/d \1/p' |
    sort
}
for folder; do
  if [ -d "$folder" ] && ! { [ -r "$folder" ] && [ -x "$folder" ]; }; then
    printf 'r %s\nf .\n' "$folder"
    continue
  fi
  # As in home.sh: a line without end would take all of the host's memory.
  [ -n "$(find "$folder/.built" -maxdepth 0 -type f -size -262145k 2>/dev/null)" ] || continue
  printf 'r %s\n' "$folder"
  find "$folder" -ignore_readdir_race -name __pycache__ -prune -o \
    -type d ! \( -readable -executable \) -printf 'f %P\n' -prune || exit 1
  # Those of earlier releases are linked in by ourselves.
  static=$(readlink "$folder/static") || static=
  now=$(manifest_of_release "$folder")
  paths < "$folder/.built" | {
    printf '%s\n' "$now" | paths | comm -13 /dev/fd/3 - |
      static=$static awk '
        BEGIN { top = ENVIRON["static"] "/" }
        top == "/" || index(substr($0, 3) "/", top) != 1
      ' | head -n 1000
  } 3<&0
  changed=$newline$(printf '%s\n' "$now" | comm -13 "$folder/.built" -)
  printf '%s\n' "$shared" | while read -r path; do
    if [ -z "$path" ] || [ -L "$folder/src/$path" ]; then continue; fi
    # There is nothing to be moved in folders alone.
    [ -n "$(find "$folder/src/$path" \( ! -type d -o ! -readable -o ! -executable \) -print \
      -quit 2>/dev/null)" ] || continue
    case $changed in
      *"$newline$(readlink "$folder/src")/$path"[\ /]*) printf 's %s\n' "$path" ;;
    esac
  done
done
echo end
