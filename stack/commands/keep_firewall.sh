# shellcheck shell=sh
# Has the rules of the firewall's files, now and after a boot, and ends what would take them back.
#
# $1 the unit, $2 the folder of the files, then those that have just been put there.
systemctl stop "$1-back.timer" 2> /dev/null || :
# Whoever asked for it has taken it away meanwhile, which nobody does who finds it asked for.
if [ ! -e "/etc/systemd/system/$1.service" ]; then
  printf 'table inet django_stack\ndelete table inet django_stack\n' | nft -f -
  folder=$2
  shift 2
  rm -f "$@"
  rmdir "$folder/firewall.d" "$folder" 2> /dev/null || :
  exit 0
fi
systemctl unmask -q "$1"
systemctl daemon-reload
systemctl enable -q "$1"
systemctl restart "$1"
