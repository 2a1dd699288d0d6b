# shellcheck shell=sh
# Loads the rules of the firewall for a while. A timer brings back those of before: it is up to
# somebody who has come in by then to end it. The files on disk stay as they are, for a boot too.
#
# $1 a folder of our own for what is tried, $2 the folder of the files, $3 the unit, $4 how many
# seconds, then two words for each file that is to be another one: its name in that folder, and the
# SHA-256 of what it may replace, nothing, or `any` for whatever is there. Their texts come on standard
# input, a line of base64 for each.
place=$1 folder=$2 unit=$3 seconds=$4
shift 4
# Rules that another run has not come to prove.
if systemctl is-active -q "$unit-back.timer"; then
  nft -f "$place/before.nft"
  systemctl stop "$unit-back.timer"
fi
systemctl reset-failed "$unit-back.timer" "$unit-back.service" 2> /dev/null || :
rm -rf "$place"
mkdir -p "$place/new/firewall.d"
# What stands in the place of a file is for the files themselves to put aside.
for path in "$folder/firewall.nft" "$folder"/firewall.d/*.nft; do
  [ ! -f "$path" ] || cp "$path" "$place/new/${path#"$folder/"}"
done
while [ "$#" -gt 0 ]; do
  IFS= read -r line
  if [ "$2" = any ] || is_as_seen "$folder/$1" "$2"; then
    printf %s "$line" | base64 -d > "$place/new/$1"
  fi
  shift 2
done
# It has been taken away meanwhile.
[ -e "$place/new/firewall.nft" ] || exit 0
sed -i "s|^include \"$folder/|include \"$place/new/|" "$place/new/firewall.nft"
nft -c -f "$place/new/firewall.nft"
{
  echo 'table inet django_stack'
  echo 'delete table inet django_stack'
  nft -s list table inet django_stack 2> /dev/null || :
} > "$place/before.nft"
systemd-run -q --unit="$unit-back" --on-active="$seconds" --timer-property=AccuracySec=100ms \
  nft -f "$place/before.nft"
nft -f "$place/new/firewall.nft"
