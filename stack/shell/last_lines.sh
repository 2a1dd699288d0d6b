# shellcheck shell=sh disable=SC2034 # whoever calls it reads $told
# Runs a command, and leaves what it printed in $told; when it fails, its end is told. What it
# prints goes to a file and not to a pipe, which a process that it leaves behind might hold on to.
# With a script for sed in $follow, what that makes of it is told meanwhile, of this command alone, and
# up to a number of lines: whoever deploys keeps all of them until the end of the run.
#
# $1 the program, then its words.
last_lines() {
  output=$(mktemp) && failed=0 following=${follow-} follow=
  if [ -n "$following" ]; then
    "$@" > "$output" 2>&1 < /dev/null &
    tail -n +1 -f -s 0.1 --pid="$!" "$output" 2>/dev/null |
      sed -un "$following" | _first_lines || :
    wait "$!" || failed=$?
  else
    "$@" > "$output" 2>&1 < /dev/null || failed=$?
  fi
  told=$(tail -c 200000 "$output")
  rm -f "$output"
  [ "$failed" = 0 ] || {
    printf '%s\n' "$told" | tail -n 30 | cut -b -2000 >&2
    # 128 and the signal, which is KILL.
    [ "$failed" != 137 ] || short_of_memory
    return 1
  }
}
# As head does, but each as it comes.
_first_lines() {
  left=1000
  while IFS= read -r line; do
    printf '%s\n' "$line"
    left=$((left - 1))
    [ "$left" -gt 0 ] || {
      echo 'What follows is not told.'
      return
    }
  done
}
short_of_memory() {
  echo "It was killed, as happens when memory is short: swap = \"1G\" gives the host more." >&2
}
