# shellcheck shell=sh
# Keeps supervisord's socket to root; what does so when it is made anew is in place.
#
# $1 the socket, $2 the script that ends the connections of others, $3 by what earlier versions kept
# it to root.
keep_to_root "$1" "$2"
let_reload
# One that was made anew meanwhile may have been read from files of before.
keep_to_root "$1" "$2"
[ ! -S "$1" ] || chmod 0700 "$1"
if [ -e "$3" ]; then
  rm -f "$3"
  rmdir --ignore-fail-on-non-empty "${3%/*}" 2> /dev/null || :
  systemctl daemon-reload
fi
