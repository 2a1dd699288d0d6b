# shellcheck shell=sh
# Looks for eight seconds whether programs of Supervisor's stay up. To Supervisor one runs after two;
# one that fails as it loads, for want of a module say, may take longer, and is started for ever.
#
# $1 the folder of the release that is live. Then two words for each program: its name, and its log.
release=$1
shift
stays_up() {
  pid=$(supervisorctl pid "$1") || :
  before=$(size_of "$2")
  for _ in $(seq 40); do
    if [ ! -d "/proc/${pid:-0}" ]; then
      tell_log "$2" "$before"
      supervisorctl status "$1" >&2 || :
      echo "The program $1 ended soon after it was started; ${release##*/} is live without it." >&2
      return 1
    fi
    sleep 0.2
  done
}
watchers=
while [ "$#" -gt 0 ]; do
  stays_up "$1" "$2" &
  watchers="$watchers $!"
  shift 2
done
all=0
for watcher in $watchers; do
  wait "$watcher" || all=1
done
exit "$all"
