# shellcheck shell=sh
# Keeps supervisord's socket to root; what does so when it is made anew is in place.
#
# $1 the socket, $2 by what earlier versions did so.
if [ -S "$1" ]; then
  chown root:root "$1"
  chmod 0700 "$1"
fi
if [ -e "$2" ]; then
  rm -f "$2"
  rmdir --ignore-fail-on-non-empty "${2%/*}" 2> /dev/null || :
  systemctl daemon-reload
fi
