# shellcheck shell=sh
# Takes a swap file and its unit away.
#
# $1 the file, $2 its unit.
swap_off "$1"
rmdir "${1%/*}" 2> /dev/null || :
systemctl disable -q "$2" 2> /dev/null || :
rm -f "/etc/systemd/system/$2"
systemctl daemon-reload
