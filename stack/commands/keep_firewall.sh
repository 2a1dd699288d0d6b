# shellcheck shell=sh
# Has the rules of the firewall's files, now and after a boot, and ends what would take them back.
#
# $1 the unit.
systemctl stop "$1-back.timer" 2> /dev/null || :
systemctl unmask -q "$1"
systemctl daemon-reload
systemctl enable -q "$1"
systemctl restart "$1"
