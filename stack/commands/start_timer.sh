# shellcheck shell=sh
# Has a timer of systemd's run, now and after a boot, with its files as they are.
#
# $1 the timer.
systemctl unmask -q "$1"
systemctl daemon-reload
systemctl enable -q "$1"
systemctl restart "$1"
