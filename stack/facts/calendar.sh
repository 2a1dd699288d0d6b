# shellcheck shell=sh
# Tells what is wrong with a time, in systemd's words, and nothing when it can be read.
#
# $1 the time.
{ systemd-analyze calendar -- "$1" > /dev/null; } 2>&1 || :
