# shellcheck shell=sh
# System V shared memory, messages and semaphores, and POSIX ones, outlive the processes that made
# them, and belong to a number: whoever gets it next would read them. logind removes them for whoever
# logs in, and a project's user does not.
seconds_to_remove=60

# Removes them; what others are attached to goes with the last of these. What is left is for
# `left_in_memory` and `keep_numbers` to find.
#
# $1 the numbers of users, as the first and how many of each range, $2 the same as words of find's.
remove_memory() {
  for kind in shm:shmem msg:queue sem:semaphore; do
    _ids_of "${kind%:*}" "$1" '' | sed "s/^/--${kind#*:}-id=/" |
      timeout -k 5 "$seconds_to_remove" xargs -r ipcrm 2> /dev/null || :
  done
  # shellcheck disable=SC2086 # words of find's
  timeout -k 5 "$seconds_to_remove" find /dev/shm /dev/mqueue -xdev -depth -mindepth 1 \( $2 \) \
    -delete 2> /dev/null || :
}

# Tells which System V ones there are of some numbers, for a person.
#
# $1 those of users, as above, $2 those of groups.
left_in_memory() {
  for kind in shm:m msg:q sem:s; do
    _ids_of "${kind%:*}" "$1" "$2" | sed "s/^/what ipcs -${kind#*:} shows as /"
  done
}

# Whoever owns one may have given it away, or got it, and its maker keeps his right to it.
#
# $1 shm, msg or sem, $2 the numbers of users, $3 those of groups.
_ids_of() {
  [ ! -r "/proc/sysvipc/$1" ] || awk -v users="$2" -v groups="$3" '
    function is_in(number, ranges, part, count, i) {
      count = split(ranges, part, " ")
      for (i = 1; i < count; i += 2)
        if (number + 0 >= part[i] + 0 && number + 0 < part[i] + part[i + 1]) return 1
      return 0
    }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    is_in($at["uid"], users) || is_in($at["cuid"], users) ||
      is_in($at["gid"], groups) || is_in($at["cgid"], groups) { print $2 }
  ' "/proc/sysvipc/$1"
}
