# shellcheck shell=sh
# Keeps supervisord's socket to root; what does so when it is made anew is in place.
#
# $1 the socket, $2 the script that ends the connections of others, $3 by what earlier versions kept
# it to root.
let_reload
if [ -S "$1" ]; then
  # Closed, but not with the mode that it is to have: a run that is cut here begins anew.
  chown root:root "$1"
  chmod 0600 "$1"
  pid=$(systemctl show --value -p MainPID supervisor)
  [ "$pid" = 0 ] || /usr/bin/python3 -I -c "$2" "$pid" "$1"
  chmod 0700 "$1"
fi
if [ -e "$3" ]; then
  rm -f "$3"
  rmdir --ignore-fail-on-non-empty "${3%/*}" 2> /dev/null || :
  systemctl daemon-reload
fi
