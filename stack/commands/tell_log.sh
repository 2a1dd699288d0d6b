# shellcheck shell=sh
size_of() { wc -c 2> /dev/null < "$1" || echo 0; }
# tell_log LOG BYTES: the end of what a log has got since it had so many; of one that was begun anew
# meanwhile, of all.
tell_log() {
  from=$2
  [ "$from" -le "$(size_of "$1")" ] || from=0
  tail -c "+$((from + 1))" "$1" 2> /dev/null | tail -c 3000 >&2 || :
}
