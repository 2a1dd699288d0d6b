# shellcheck shell=sh
# Takes a host's lock, and holds it for as long as the connection lasts. It writes to that for as
# long as it is there: when the controller dies, the write fails, this ends, and the kernel frees the
# lock. A controller that vanishes without a word, asleep or behind another network, would be written
# to until TCP gives up, after a quarter of an hour: so this looks at whether what it writes arrives.
# Where it does not, it ends the connection too, lest a controller that wakes up goes on unlocked.
#
# $1 the lock's file, $2 who takes it, $3 the token of the run and, behind a dot, how often it has
# taken the lock by now, $4 how many seconds it may take a run that has just ended to let go, $5 how many the
# connection may acknowledge nothing; 0 where there is none.
lock=$1 silent=$5
LOOK_SECONDS=5

# Walks up to the process that serves the connection. sudo and su drop the variable that names it,
# and a shell below cleans its own, but a process keeps what it was started with.
find_connection() {
  process=$$ session='' ports=''
  while [ "$process" -gt 1 ]; do
    case $(cat "/proc/$process/comm") in
      sshd*)
        session=$process
        return
        ;;
    esac
    [ "$ports" ] || ports=$(
      tr '\0' '\n' < "/proc/$process/environ" | sed -n 's/^SSH_CONNECTION=[^ ]* \([0-9]*\) [^ ]* \([0-9]*\)$/\1 \2/p'
    )
    process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status")
  done
}

# Of several between the same ports, from different addresses, the liveliest counts.
is_silent() {
  ss -HOtni "sport = :${ports#* } and dport = :${ports% *}" 2>/dev/null |
    awk -v limit="$((silent * 1000))" '
      { if (!match($0, /lastack:[0-9]+/) || substr($0, RSTART + 8, RLENGTH - 8) + 0 <= limit) lives = 1 }
      END { exit (lives || !NR) }
    '
}

session='' ports=''
[ "$silent" -eq 0 ] || find_connection 2>/dev/null || true
# shellcheck disable=SC2174 # /run is there already
mkdir -p -m 700 "${lock%/*}"
exec 9>>"$lock"
before=$(sed -n 2p "$lock") former=$(sed -n 3p "$lock")
# It may be held for a connection that this run has given up. Where it was taken as often, the
# inventory has one host by two names. And any process may have the number by now.
if [ "${before%.*}" = "${3%.*}" ] && [ "$before" != "$3" ] &&
  [ "$(find "/proc/$former/fd" -lname "$lock" 2>/dev/null)" ]; then
  kill "$former" || true
fi
flock -w "$4" 9 || {
  who=$(sed -n 1p "$lock") process=$(sed -n 4p "$lock")
  echo "$who${process:+ (if that run is dead, end it there as root: kill $process)}"
  exit 75
}
since=$(date -u '+%F %T UTC')
printf '%s\n' "$2, since $since" "$3" "$$" "${session:-$$}" > "$lock"
seconds=0
while echo; do
  sleep 1 9>&-
  seconds=$(((seconds + 1) % LOOK_SECONDS))
  if [ "$seconds" -eq 0 ] && [ "$session" ] && [ "$ports" ] && is_silent 9>&-; then
    kill "$session" || true
    exit
  fi
done
