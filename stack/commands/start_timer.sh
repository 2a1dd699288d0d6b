# shellcheck shell=sh disable=SC3013
# Has a timer of systemd's run, now and after a boot, with its files as they are.
#
# $1 the timer.
stamp=/var/lib/systemd/timers/stamp-$1
systemctl unmask -q "$1"
# By its stamp systemd makes up for what was missed since the last run. By other times than those of
# the last run nothing was: so the stamp, too, begins with the file. The timer is stopped by then, for
# systemd looks at one that waits as soon as it has read the file.
if [ "/etc/systemd/system/$1" -nt "$stamp" ]; then
  systemctl stop "$1"
  # Systemd makes the folder once it has its first timer of that kind.
  mkdir -p "${stamp%/*}"
  touch "$stamp"
fi
systemctl daemon-reload
systemctl enable -q "$1"
systemctl restart "$1"
