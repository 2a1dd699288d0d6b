# shellcheck shell=sh
# The numbers of users and groups that are gone, and of which files are left: whoever got one would
# have those files, and run with his rights what is setuid among them.
numbers=/var/lib/django-stack-numbers
seconds_to_look=120

# Writes down a user's number and his group's where a file of theirs is left anywhere, or it cannot be
# told. Others' machines are not looked at.
#
# $1 the user, $2 his number, $3 his group's, or nothing where that is gone.
keep_numbers() {
  name=$1 number=$2 group_number=$3
  set --
  while read -r _ point kind _; do
    case $kind in
      ext[234] | xfs | btrfs | zfs | f2fs | bcachefs | overlay | tmpfs | mqueue | vfat)
        set -- "$@" "$(printf %b "$point")" ;;
    esac
  done < /proc/mounts
  code=0
  found=$(timeout -k 5 "$seconds_to_look" find "$@" -xdev \
    \( -uid "$number" ${group_number:+-o -gid "$group_number"} \) -print -quit 2> /dev/null) || code=$?
  case $code in 124 | 137) found='what could not be looked at in time' ;; esac
  [ -n "$found" ] || return 0
  (umask 022 && printf '%s %s\n' "$number" "${group_number:--}" >> "$numbers")
  printf '%s' "Files of $name are left, such as $found: no other project gets its numbers, which \
$numbers has." | tr -c '[:print:]' '?'
  echo
}

# $1 which of a line's numbers, $2 how to sort them so that the one that counts comes last.
_last_of_numbers() {
  [ ! -f "$numbers" ] || cut -d ' ' -f "$1" "$numbers" | grep -x '[0-9]\+' | sort "$2" | tail -n 1
}

# Makes the group of a project's logs, unless it is there. System's groups are counted down.
#
# $1 its name.
make_group() {
  lowest=$(_last_of_numbers 2 -nr)
  groupadd --force --system ${lowest:+-K "SYS_GID_MAX=$((lowest - 1))"} "$1"
}

# Makes a user; his number is above those, unless the words have one.
#
# useradd's words.
make_user() {
  highest=$(_last_of_numbers 1 -n)
  useradd ${highest:+-K "UID_MIN=$((highest + 1))"} "$@"
}
