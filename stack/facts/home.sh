# shellcheck shell=sh
# Tells what is in the home of a project, and runs as its user, who may change all of it meanwhile.
# Every field ends with NUL, which is in no path: so no name and no link can pass for a record.
#
# $1 the folder of releases, $2 that of virtualenvs, $3 how the folders of the release begin,
# $4 how those of its virtualenv do, then single paths.
# find(1) has to be able to come back to where it was started.
cd /
releases=$1 virtualenvs=$2 release=$3 virtualenv=$4
shift 4

# More than our own small files ever have is not read.
LARGEST_SCRIPT=16385k

entries() {
  find "$@" -maxdepth 0 -printf 'entry\0%p\0%y\0%m\0%u\0%g\0%C@\0%T@\0%l\0' \
    -type f -size "-$LARGEST_SCRIPT" -exec sha256sum -z {} + 2>/dev/null
}

# What is closed to its own user is not empty.
[ -x "${releases%/*}" ] || exit 1
for folder in "$releases" "$virtualenvs"; do
  if [ -d "$folder" ] && ! { [ -r "$folder" ] && [ -x "$folder" ]; }; then exit 1; fi
done

# What of a release is no longer as it was built, where that is no more than can be told.
MOST_CHANGED=500
tell_changed() {
  changed=$(manifest_of_release "$folder" | comm -13 - "$folder/.built" |
    sed -E 's/ [a-zA-Z] [0-7]+ [0-9]+( .*)?$//')
  [ -n "$changed" ] || return 0
  [ "$(printf '%s\n' "$changed" | wc -l)" -le "$MOST_CHANGED" ] || return 1
  printf '%s\n' "$changed" | while IFS= read -r path; do
    printf 'changed\0%s\0%s\0' "$folder" "$path"
  done
}

is_there() { [ -e "$1" ] || [ -L "$1" ]; }

find -H "$releases" "$virtualenvs" -maxdepth 2 -regextype posix-extended \
  -regex '.*/\.?[0-9a-z][0-9a-z.-]{0,63}(/(\.[a-z]+|virtualenv|before-migrating-[0-9TZ]+\.dump))?' \
  -printf 'entry\0%p\0%y\0%m\0%u\0%g\0%C@\0%T@\0%l\0' 2>/dev/null
# What is mounted in its place has the mode that its mount says.
shared=${releases%/*}/shared
same() { [ "$#" = 2 ] && [ "$1" = "$2" ]; }
# shellcheck disable=SC2046 # two numbers
if same $(find "${releases%/*}" "$shared" -maxdepth 0 -printf '%D ' 2>/dev/null); then
  set -- "$shared" "$@"
fi
entries "$@"
for folder in "$release"*; do
  is_there "$folder" || continue
  if [ -d "$folder" ] && ! [ -x "$folder" ]; then printf 'damaged\0%s\0' "$folder"; fi
  entries "$folder/with-env" "$folder/manage"
  is_there "$folder/.built" || continue
  is_manifest "$folder/.built" && tell_changed || printf 'damaged\0%s\0' "$folder"
done
for folder in "$virtualenv"*; do
  is_there "$folder/.built" || continue
  if ! is_manifest "$folder/.built" || ! is_virtualenv_as_built "$folder"; then
    printf 'damaged\0%s\0' "$folder"
  fi
done
printf 'end\0'
