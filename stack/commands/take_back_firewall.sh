# shellcheck shell=sh
# Brings the rules of before back, as the timer would.
#
# $1 the folder of what is tried, $2 the unit, $3 why.
nft -f "$1/before.nft"
systemctl stop "$2-back.timer"
rm -rf "$1"
echo "$3" >&2
exit 1
