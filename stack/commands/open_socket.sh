# shellcheck shell=sh
# Gives supervisord's socket the owner and mode that supervisord gives it.
#
# $1 the socket.
chown nobody:nogroup "$1"
chmod 0770 "$1"
