# shellcheck shell=sh
# Has Nginx run, now and after a boot, with the configuration that is on disk, and waits until it
# does.
#
# $1 the link to our own site, $2 the folder of root's scripts for the project.
library=$2
# Who answers visitors now, where that is somebody else.
tell_unreached() {
  [ ! -f "$library/switch/reached.py" ] || [ ! -f "$library/switch.json" ] ||
    (cd "$library" && python3 -B -m switch.reached) || :
}
at_boot nginx
systemctl daemon-reload
readable "$1"
# A change that seems to lie in the future would look unloaded for ever.
find -H /etc/nginx -newerct now -exec chown -h --reference={} {} \;
if systemctl is-active -q nginx; then
  reload_nginx
  tell_unreached
  exit
fi
# Somebody may have started one by hand, which holds the port.
by_hand=$(cat /run/nginx.pid 2>/dev/null) || :
if [ -n "$by_hand" ] && [ "$(cat "/proc/$by_hand/comm" 2>/dev/null)" = nginx ]; then
  kill "$by_hand" || :
  for _ in $(seq 100); do
    [ -e "/proc/$by_hand" ] || break
    sleep 0.1
  done
fi
systemctl start nginx || {
  systemctl status -n 20 --no-pager nginx >&2 || :
  exit 1
}
tell_unreached
