# shellcheck shell=sh
# Has systemd start a unit at boot. Enabling one takes half a second, where Debian has done it too.
#
# $1 the unit.
at_boot() {
  if [ "$(systemctl is-enabled "$1" 2>/dev/null)" != enabled ]; then
    systemctl unmask -q "$1"
    systemctl enable -q "$1"
  fi
}
