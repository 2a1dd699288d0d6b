# shellcheck shell=sh
# Has systemd read the files of its units.
systemctl daemon-reload
