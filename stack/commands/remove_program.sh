# shellcheck shell=sh
# Stops a program, and has Supervisor forget it.
#
# $1 the program, $2 its file.
let_reload
supervisorctl stop "$1" > /dev/null || :
rm "$2"
supervisorctl reread > /dev/null
supervisorctl update "$1" > /dev/null
