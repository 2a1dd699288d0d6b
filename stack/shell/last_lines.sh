# shellcheck shell=sh disable=SC2034 # whoever calls it reads $told
# Runs a command, and leaves what it printed in $told; when it fails, its end is told. What it
# prints goes to a file and not to a pipe, which a process that it leaves behind might hold on to.
# With a script for sed in $follow, what that makes of it is told meanwhile, of this command alone.
#
# $1 the program, then its words.
last_lines() {
  output=$(mktemp) && failed=0 following=${follow-} follow=
  if [ -n "$following" ]; then
    "$@" > "$output" 2>&1 < /dev/null &
    tail -n +1 -f -s 0.1 --pid="$!" "$output" 2>/dev/null | sed -un "$following" || :
    wait "$!" || failed=$?
  else
    "$@" > "$output" 2>&1 < /dev/null || failed=$?
  fi
  told=$(tail -c 200000 "$output")
  rm -f "$output"
  [ "$failed" = 0 ] || {
    printf '%s\n' "$told" | tail -n 30 >&2
    # 128 and the signal, which is KILL.
    [ "$failed" != 137 ] || short_of_memory
    return 1
  }
}
short_of_memory() {
  echo "It was killed, as happens when memory is short: swap = \"1G\" gives the host more." >&2
}
