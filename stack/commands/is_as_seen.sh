# shellcheck shell=sh
# Whether a file is still what was seen of it.
#
# $1 its path, $2 the SHA-256 of what was seen; empty where there was nothing.
is_as_seen() {
  if [ -z "$2" ]; then
    [ ! -e "$1" ] && [ ! -L "$1" ]
  else
    printf '%s  %s\n' "$2" "$1" | sha256sum --status -c 2> /dev/null
  fi
}
