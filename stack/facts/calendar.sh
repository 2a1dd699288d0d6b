# shellcheck shell=sh
# Tells what is wrong with a time, in systemd's words, and nothing when it can be read and is still
# to come.
#
# $1 the time.
told=$(LC_ALL=C systemd-analyze calendar -- "$1" 2>&1) || {
  printf '%s\n' "$told"
  exit 0
}
case $told in *"Next elapse: never"*) echo 'it is over, and does not come again' ;; esac
