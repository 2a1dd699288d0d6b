# shellcheck shell=sh
# Which run has the project's lock, whose file is $1: that keeps the last one's name. To see whether
# it is held, it is shared for a moment, for which whoever takes it waits.
tell_run() {
  [ -f "$1" ] || return 0
  flock -n -s -E 75 "$1" true || [ "$?" != 75 ] || printf 'run\t%s\n' "$(head -n 1 "$1")"
}
