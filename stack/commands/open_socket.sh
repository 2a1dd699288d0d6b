# shellcheck shell=sh
# Gives supervisord's socket the owner and mode that supervisord.conf says, now and when it is made
# anew.
#
# $1 the socket, $2 what closes it beside that file, $3 what did so for earlier versions.
rm -f "$3"
rmdir --ignore-fail-on-non-empty "${3%/*}" 2> /dev/null || :
systemctl daemon-reload
rm -f "$2"
if [ -S "$1" ]; then
  chown nobody:nogroup "$1"
  chmod 0770 "$1"
fi
