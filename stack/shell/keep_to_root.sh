# shellcheck shell=sh
# Keeps supervisord's socket to root, and ends what others are connected with. That asks nothing of
# supervisord, which they may keep busy.
#
# $1 the socket, $2 the script that ends the connections of others.
keep_to_root() {
  [ -S "$1" ] || return 0
  # Closed, but not with the mode that it is to have: a run that is cut here begins anew.
  chown root:root "$1"
  chmod 0600 "$1"
  pid=$(systemctl show --value -p MainPID supervisor)
  [ "$pid" = 0 ] || /usr/bin/python3 -I -c "$2" "$pid" "$1"
}
