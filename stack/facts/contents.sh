# shellcheck shell=sh
# Tells what is in a home whose project leaves: after `o` what goes, after `e` a folder that is empty
# then, after `d` a release of which only its dumps stay, after `h` that the home may go with
# something, after `s` what must stay. Runs as the user, who may change all of it meanwhile.
#
# $1 the home, $2 the project's name.
cd "$1" && [ -r . ] || exit 0
name=$2
say() {
  case $2 in
    *[!A-Za-z0-9._/-]*) printf 's %s\n' "$(printf %s "$2" | tr -c '[:print:]' '?')" ;;
    *) printf '%s %s\n' "$1" "$2" ;;
  esac
}
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
is_socket() { [ -S "$1" ] && [ -O "$1" ] && [ ! -L "$1" ]; }
is_folder() { [ -d "$1" ] && [ ! -L "$1" ]; }
# Files alone count: folders are made for what is to come. What its user may not look into counts too,
# as root makes it, and what is somebody else's. A socket of his has no data, and may go with the
# program that listens there.
has_files() {
  told=$(find "$@" -ignore_readdir_race ! \( -type s -uid "$(id -u)" \) \
    \( ! -type d -o ! -readable -o ! -executable -o ! -uid "$(id -u)" \) -print -quit 2>/dev/null) ||
    return 0
  [ -n "$told" ]
}
# But for comments; of a grep that was ended nobody knows.
is_empty() {
  code=0
  grep -qv '^#\|^$' "$1" || code=$?
  [ "$code" = 1 ]
}
all_gone=
release() {
  if ! is_folder "$1"; then
    all_gone=no
    say s "$1"
    return
  fi
  dumps=$(find "$1" -mindepth 1 -maxdepth 1 -name 'before-migrating-*.dump' -print -quit) ||
    [ "$?" -lt 128 ] || exit 0
  if [ -n "$dumps" ]; then
    all_gone=no
    say s "$1/before-migrating-*.dump"
    [ -z "$(find "$1" -mindepth 1 -maxdepth 1 ! -name 'before-migrating-*.dump' -print -quit)" ] ||
      say d "$1"
  else
    say o "$1"
  fi
}
virtualenv() {
  case ${1#.virtualenvs/} in
    .*-*.*) is_folder "$1" && say o "$1" && return ;;
    "$name" | "$name.new") [ -L "$1" ] && say o "$1" && return ;;
    # virtualenvwrapper's, as long as nobody has written more than it into them.
    hook.log) say o "$1" && return ;;
    initialize | get_env_details | pre* | post*)
      [ -f "$1" ] && is_empty "$1" && say o "$1" && return ;;
  esac
  all_gone=no
  say s "$1"
}
inside() {
  each=$1 folder=$2 all_gone=yes
  if ! is_folder "$folder" || ! [ -r "$folder" ] || ! [ -x "$folder" ]; then
    say s "$folder"
    return
  fi
  for one in "$folder"/* "$folder"/.[!.]* "$folder"/..?*; do
    is_there "$one" || continue
    # No name of ours is as long, and many that are would fill a command line.
    if [ "$((${#one} - ${#folder}))" -le 65 ]; then "$each" "$one"; else
      all_gone=no
      say s "$one"
    fi
  done
  [ "$all_gone" != yes ] || say e "$folder"
}
for path in * .[!.]* ..?*; do
  is_there "$path" || continue
  case $path in
    releases) inside release releases ;;
    .virtualenvs) inside virtualenv .virtualenvs ;;
    "$name" | "$name.new" | logs | logs.new)
      if [ -L "$path" ]; then say o "$path"; else say s "$path"; fi ;;
    .first-migration) say o "$path" ;;
    # Gunicorn's, for a socket.
    .gunicorn) if has_files .gunicorn; then say s .gunicorn; else say o .gunicorn; fi ;;
    .cache)
      if is_folder .cache; then
        ! is_there .cache/pip || say o .cache/pip
        say h .cache
      else
        say s .cache
      fi ;;
    .local)
      if ! is_folder .local/share || ! is_there .local/share/virtualenv; then :
      else say o .local/share/virtualenv; fi
      if has_files .local ! -path '.local/share/virtualenv/*'; then say s .local; else say h .local; fi ;;
    shared) if has_files shared; then say s shared; else say h shared; fi ;;
    *)
      if is_socket "$path" || { [ -f "$path" ] && cmp -s "$path" "/etc/skel/$path"; }; then say h "$path"
      else say s "$path"; fi ;;
  esac
done
echo end
