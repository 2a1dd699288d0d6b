# shellcheck shell=sh
# Whether a user can make a socket, and Nginx come to it; says why not, and which setting to change.
#
# $1 the socket's path, $2 the user, $3 what to say, a line for each answer in the order of asking.
may() { timeout -k 1 10 setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups -- test "$2" "$3"; }
can_listen() {
  socket_folder=${1%/*}
  socket_folder=${socket_folder:-/}
  if ! may "$2" -d "$socket_folder"; then
    answer=1
  elif ! may "$2" -w "$socket_folder" || ! may "$2" -x "$socket_folder"; then
    answer=2
  elif may "$2" -e "$1" && ! may "$2" -S "$1"; then
    answer=3
  elif ! may www-data -x "$socket_folder"; then
    answer=4
  else
    return 0
  fi
  printf '%s\n' "$3" | sed -n "${answer}p" >&2
  return 1
}
