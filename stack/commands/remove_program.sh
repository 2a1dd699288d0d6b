# shellcheck shell=sh
# Stops a program, and has Supervisor forget it. Its file goes last: so a run that is cut finds what is
# left to do.
#
# $1 the program, $2 its file.
let_reload
! systemctl is-active -q supervisor || forget_program "$1" "$2"
rm "$2"
