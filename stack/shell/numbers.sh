# shellcheck shell=sh
# The numbers of users and groups that are gone, and of which files are left: whoever got one would
# have those files, and run with his rights what is setuid among them.
numbers=/var/lib/django-stack-numbers
seconds_to_look=120

# Takes from a user's number what he has in memory and what the system has logged of him. Then writes
# it down with his group's, and keeps those for containers of his, where anything of theirs is left
# anywhere, or it cannot be told. Others' machines are not looked at.
#
# $1 the user, $2 his number, $3 his group's, or nothing where that is gone, $4 the script that takes
# the right to read what was logged from numbers.
keep_numbers() {
  name=$1 number=$2 group_number=$3
  users="$number 1 $(_ranges_of "$name" "$number" /etc/subuid | tr '\n' ' ')"
  groups="${group_number:+$group_number 1 }$(_ranges_of "$name" "$number" /etc/subgid | tr '\n' ' ')"
  theirs=$(_as_found uid "$users")
  remove_memory "$users" "$theirs"
  # shellcheck disable=SC2086 # a word for each number
  left=$(/usr/bin/python3 -I -c "$4" $users) || left='its journal'
  [ -n "$left" ] || left=$(left_in_memory "$users" "$groups" | head -n 1)
  [ -z "$groups" ] || theirs="$theirs -o $(_as_found gid "$groups")"
  [ -n "$left" ] || left=$(_file_of "$theirs")
  [ -n "$left" ] || return 0
  (umask 022 && printf '%s %s\n' "$number" "${group_number:--}" >> "$numbers")
  for file in /etc/subuid /etc/subgid; do
    kept=$(_ranges_of "$name" "$number" "$file" | sed "s/\(.*\) /$name.gone:\1:/")
    # No user's name has a dot: it is nobody's who could use them.
    [ -z "$kept" ] || printf '%s\n' "$kept" >> "$file"
  done
  printf '%s' "Files of $name are left, such as $left: no other project gets its numbers, which \
$numbers has." | tr -c '[:print:]' '?'
  echo
}

# One that numbers have, or words for a person where that could not be looked at in time.
#
# $1 the numbers, as words of find's.
_file_of() {
  found_by=$1
  set --
  while read -r _ point kind _; do
    case $kind in
      ext[234] | xfs | btrfs | zfs | f2fs | bcachefs | overlay | tmpfs | mqueue | vfat)
        set -- "$@" "$(printf %b "$point")" ;;
    esac
  done < /proc/mounts
  code=0
  # shellcheck disable=SC2086 # words of find's
  timeout -k 5 "$seconds_to_look" find "$@" -xdev \( $found_by \) -print -quit 2> /dev/null || code=$?
  case $code in 124 | 137) echo 'what could not be looked at in time' ;; esac
}

# Words of find's for what some numbers have.
#
# $1 uid or gid, $2 the numbers, as the first and how many of each range.
_as_found() {
  # shellcheck disable=SC2086 # a word for each number
  printf '%s\n' $2 | paste - - |
    awk -v kind="$1" '{ printf "%s( -%s +%d -%s -%d ) ", link, kind, $1 - 1, kind, $1 + $2; link = "-o " }'
}

# The numbers that a user's containers may use, a line for each range: the first, and how many.
#
# $1 the user, $2 his number, $3 the file that has them.
_ranges_of() {
  [ ! -f "$3" ] || awk -F : -v name="$1" -v number="$2" '
    ($1 == name || $1 == number) && $2 ~ /^[0-9]+$/ && $3 ~ /^[1-9][0-9]*$/ { print $2, $3 }' "$3"
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
