# shellcheck shell=sh
# Gives the project's user, who is there, his groups, shell and home.
#
# $1 the group of his own, $2 his name, $3 his home, $4 the file in which is written down what he was
# like, or nothing where he is a deployment's own, then usermod's words.
user=$2 home=$3 record=$4
if [ -n "$record" ] && [ ! -e "$record" ]; then
  entry=$(getent passwd "$user")
  shell=${entry##*:} entry=${entry%:*}
  # A line each: home, shell, group and other groups; whether there was a group of the name that is
  # his logs'; mode and group of the home that a project has, where it was his.
  {
    printf '%s\n' "${entry##*:}" "$shell" "$(id -gn "$user")" "$(id -Gn "$user")"
    getent group "$1" > /dev/null && echo there || echo
    stat -c '%a %G' "$home" 2> /dev/null || echo
  } > "$record.new"
  mv -T "$record.new" "$record"
fi
make_group "$1"
shift 4
set_home "$user" "$home"
usermod "$@"
now=$(getent passwd "$user" | cut -d : -f 6)
[ "$now" = "$home" ] || {
  echo "The home of $user could not be changed from $now to $home." >&2
  exit 1
}
