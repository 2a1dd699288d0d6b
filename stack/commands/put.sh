# shellcheck shell=sh
# Puts root's files in place, each in one step. What is of another kind and would be lost is put
# aside: a folder that stands where a file should, say, or a file in a folder's place.
#
# $1 a command that says whether what uses the files takes them; when it fails, or one of the files
# cannot be put, all are as they were before. It is empty when nothing has to be asked. $2 a command
# that is run before any file is put, or nothing: what it says is told. Then four words for each, of
# which the last ones may be empty: `file` PATH MODE, `directory` PATH MODE GROUP, `link` PATH TARGET. The
# texts of the files come on standard input, a line of base64 for each.
check=$1 before=$2
shift 2

# Calls a function for each: with its path, and with all four words.
each() {
  action=$1
  shift
  while [ "$#" -gt 0 ]; do
    beside="${2%/*}/.${2##*/}"
    "$action" "$2" "$@"
    shift 4
  done
}
# Puts all back, the last first: a folder goes after what was put into it. What cannot be put back
# keeps nothing else from it.
all_back() {
  [ "$#" -gt 0 ] || return 0
  (
    shift 4
    all_back "$@"
  )
  beside="${2%/*}/.${2##*/}"
  back "$2" || :
}
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
is_folder() { [ -d "$1" ] && [ ! -L "$1" ]; }
like() {
  chown --reference="$1" "$2"
  chmod --reference="$1" "$2"
}
keep() {
  rm -rf "$beside.before"
  if [ "$2" = directory ] && is_folder "$1"; then
    # What is in it stays there.
    mkdir "$beside.before"
    like "$1" "$beside.before"
  elif is_there "$1"; then
    cp -a "$1" "$beside.before"
  fi
}
back() {
  if is_folder "$1" && is_folder "$beside.before"; then
    like "$beside.before" "$1"
    # The copy of all that is in it, where a file was to take its place and had not yet.
    rm -rf "$beside.before"
    return
  fi
  if is_folder "$1"; then
    rmdir "$1"
  elif is_folder "$beside.before" || ! is_there "$beside.before"; then
    rm -f "$1"
  fi
  if is_there "$beside.before"; then mv -fT "$beside.before" "$1"; fi
}
forget() { rm -rf "$beside.before"; }
put() {
  case $2 in
    file)
      make_way "$1"
      rm -rf "$beside.new"
      IFS= read -r line
      (
        umask 077
        printf %s "$line" | base64 -d > "$beside.new"
      )
      chmod "$4" "$beside.new"
      mv -fT "$beside.new" "$1" ;;
    directory)
      if [ -L "$1" ] || [ ! -d "$1" ]; then
        if is_there "$1"; then told_aside "$1"; fi
        mkdir -p "$1"
      fi
      chown "root:$5" "$1"
      chmod "$4" "$1" ;;
    link)
      make_way "$1"
      if [ ! -L "$1" ] && is_there "$1"; then told_aside "$1"; fi
      ln -sfn "$4" "$beside.new"
      mv -fT "$beside.new" "$1" ;;
  esac
}
told_aside() {
  aside "$1"
  printf '%s\n' "$1 is in /var/backups/replaced now."
}
make_way() {
  mkdir -p "${1%/*}"
  if is_folder "$1"; then told_aside "$1"; fi
}

[ -z "$before" ] || sh -c "$before"
if [ -z "$check" ]; then
  each put "$@"
else
  each keep "$@"
  # Whatever fails, one of the files too, nothing stays that has not been looked at. In a condition
  # the shell would go on after an error.
  set +e
  (
    set -e
    each put "$@"
    sh -c "$check" >&2
  )
  code=$?
  set -e
  if [ "$code" != 0 ]; then
    all_back "$@"
    exit 1
  fi
  each forget "$@"
fi
