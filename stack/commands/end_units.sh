# shellcheck shell=sh
# Ends what systemd runs of a project.
#
# The words are names of units.
for unit; do
  systemctl stop "$unit" 2> /dev/null || :
  systemctl reset-failed "$unit" 2> /dev/null || :
  rm -f "/var/lib/systemd/timers/stamp-$unit"
done
