# shellcheck shell=sh
# Prints what kind of container the host is, or `none`.
systemd-detect-virt --container || :
