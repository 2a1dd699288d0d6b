# shellcheck shell=sh
# Whether a user can make a socket, and Nginx come to it; says why not, and which setting to change.
#
# $1 the socket's path, $2 the user.
may() { timeout -k 1 10 setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups -- test "$2" "$3"; }
can_listen() {
  socket_folder=${1%/*}
  socket_folder=${socket_folder:-/}
  if ! may "$2" -d "$socket_folder"; then
    why_not="$2 finds no folder $socket_folder"
  elif ! may "$2" -w "$socket_folder" || ! may "$2" -x "$socket_folder"; then
    why_not="$2 cannot create a socket in $socket_folder"
  elif may "$2" -e "$1" && ! may "$2" -S "$1"; then
    why_not="$1 exists, and is not a socket"
  elif ! may www-data -x "$socket_folder"; then
    why_not="Nginx's user cannot pass through $socket_folder"
  else
    return 0
  fi
  printf '%s\n' "bind = \"unix:$1\": $why_not; set bind to a path in the project's home, such as unix:$(
    getent passwd "$2" | cut -d : -f 6)/gunicorn.sock." >&2
  return 1
}
