# shellcheck shell=sh
# Puts a release live by the host's own script. What Nginx cannot read is put aside first, and told;
# when that does not do, whoever reloads it tells.
#
# $1 the link to our own site, $2 the folder of root's scripts for the project, $3 the user, $4 the
# path of the socket that the app server is to listen at, or nothing, $5 what to say where it cannot
# (can_listen.sh), then the words of the script.
# The text of the program's file comes on standard input.
enabled=$1 library=$2 user=$3 socket=$4 why_not=$5
shift 5
[ -z "$socket" ] || can_listen "$socket" "$user" "$why_not" < /dev/null
! systemctl is-active -q nginx || readable "$enabled" 2> /dev/null < /dev/null || :
cd "$library" || exit
exec python3 -B -m switch "$@"
