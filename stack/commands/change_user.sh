# shellcheck shell=sh
# Gives the project's user, who is there, his groups, shell and home.
#
# $1 the group of his own, $2 his name, $3 his home, then usermod's words.
make_group "$1"
user=$2 home=$3
shift 3
usermod "$@"
# usermod changes no home while the user has processes; vipw does, under the same lock.
VISUAL="sed -i -E 's,^($user:([^:]*:){4})[^:]*,\\1$home,'" vipw > /dev/null
