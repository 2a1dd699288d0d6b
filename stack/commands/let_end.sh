# shellcheck shell=sh
# Has a program of Supervisor's end for as long as it was given for that: supervisord kills it then. Until
# it has ended, supervisord takes no orders for it, and says no more than that they failed.

# How many seconds supervisord may take to end a program: what its file gives it, and an hour, since it
# may have been started with another file.
# $1 the file.
patience_with() {
  given=$(sed -n 's/^stopwaitsecs=//p' "$1")
  patience=$((${given:-60} + 3600))
}

# Waits for a program that was told to end before, as by a run that was cut.
# $1 the program, $2 its file.
let_end() {
  patience_with "$2"
  until_ended=$(($(cut -d . -f 1 /proc/uptime) + patience))
  while is_ending "$1"; do
    [ "$(cut -d . -f 1 /proc/uptime)" -lt "$until_ended" ] || {
      tell_ending "$1"
      return 1
    }
    sleep 1
  done
}

# Has supervisorctl do what has a program end first; 124 where that was not done in time.
# $1 the program, $2 its file, then supervisorctl's words.
with_patience() {
  its_program=$1
  patience_with "$2"
  shift 2
  ctl_code=0
  within_seconds "$patience" "$@" || ctl_code=$?
  if [ "$ctl_code" = 124 ]; then
    if is_ending "$its_program"; then tell_ending "$its_program"; else tell_silence "$patience" "$@"; fi
  fi
  return "$ctl_code"
}

# $1 the program.
is_ending() { supervisorctl status "$1:*" | grep -q ' STOPPING'; }

# $1 the program.
tell_ending() {
  echo "The program $1 has not ended within $patience s: its file gives it ${given:-60} s, but it may have" \
    "been started with more (stop_seconds), after which supervisord kills it. Run this again once it has" \
    "ended, or end its work: \`kill -KILL -- -$(supervisorctl pid "$1")\`." >&2
}
