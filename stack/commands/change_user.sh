# shellcheck shell=sh
# Gives the project's user, who is there, his groups, shell and home.
#
# $1 the group of his own, $2 his name, $3 his home, then usermod's words.
make_group "$1"
user=$2 home=$3
shift 3
# usermod changes no home while the user has processes; vipw does, under the same lock. It takes a file
# of the same second for unchanged, and the packages may just have made an account.
edit="s,^($user:([^:]*:){4})[^:]*,\\1$home,"
VISUAL="sh -c 'sed -i -E \"$edit\" \"\$1\" && touch -d @0 \"\$1\"' sh" vipw > /dev/null
touch /etc/passwd
usermod "$@"
now=$(getent passwd "$user" | cut -d : -f 6)
[ "$now" = "$home" ] || {
  echo "The home of $user could not be changed from $now to $home." >&2
  exit 1
}
