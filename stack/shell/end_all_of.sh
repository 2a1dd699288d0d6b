# shellcheck shell=sh
# kill(-1) with the user's number signals all of the user's processes in one call, which avoids a race
# with fork: processes that are ended one by one start others meanwhile. The kernel lets a process
# signal those of its effective number and of its real one. The real one here is a number that Debian
# never gives out, and the saved one is root's, so that no process of the user's can end this one
# first; where a container has no such number, the real one is the user's.
# shellcheck disable=SC2016 # Perl's, which every Debian has
_end_all='
  $number = shift;
  $< = 65533;
  $< = $number if $< == 0;
  $> = $number;
  die "cannot act as $number\n" if $< == 0 or $> != $number;
  kill "KILL", -1;
'

# Ends all processes of a user's, and fails where one goes on.
#
# $1 the user, $2 his number.
end_all_of() {
  for _ in $(seq 100); do
    perl -e "$_end_all" "$2"
    left=$(_processes_of "$2")
    [ -n "$left" ] || return 0
    sleep 0.1
  done
  echo "$1 still has processes that do not end: $(printf %s "$left" | head -n 5 | tr '\n' ' ')" >&2
  return 1
}

# By all of its numbers, which is more than the owner in /proc tells. What has ended is none, unless
# threads of it go on.
_processes_of() {
  cat /proc/[0-9]*/status 2> /dev/null | awk -v number="$1" '
    $1 == "State:" { ended = $2 == "Z" || $2 == "X" }
    $1 == "Pid:" { pid = $2 }
    $1 == "Uid:" { his = $2 == number || $3 == number || $4 == number || $5 == number }
    $1 == "Threads:" && his && ($2 > 1 || !ended) { print pid }
  '
}
