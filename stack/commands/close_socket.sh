# shellcheck shell=sh
# Keeps supervisord's socket to root, and has systemd read what does so when it is made anew.
#
# $1 the socket.
systemctl daemon-reload
if [ -S "$1" ]; then
  chown root:root "$1"
  chmod 0700 "$1"
fi
