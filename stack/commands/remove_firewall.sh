# shellcheck shell=sh
# Takes the firewall away: its rules, its unit and its files. A file that somebody has added stays.
#
# $1 the unit, $2 the folder of the files, then the files.
unit=$1 folder=$2
shift 2
systemctl stop "$unit-back.timer" 2> /dev/null || :
# Nothing to delete is no error this way.
printf 'table inet django_stack\ndelete table inet django_stack\n' | nft -f -
systemctl disable -q --now "$unit" 2> /dev/null || :
rm -f "$@"
systemctl daemon-reload
rmdir "$folder/firewall.d" "$folder" 2> /dev/null || :
