# shellcheck shell=sh
# Forgets timers and the services that they start. What is under way comes to its end.
#
# The words are their names, without suffixes.
for name in "$@"; do
  systemctl disable -q --now "$name.timer" 2> /dev/null || systemctl stop "$name.timer" || :
  rm -f "/etc/systemd/system/$name.timer" "/etc/systemd/system/$name.service" \
    "/var/lib/systemd/timers/stamp-$name.timer"
done
systemctl daemon-reload
