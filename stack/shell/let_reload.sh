# shellcheck shell=sh
# Waits while someone has supervisord reload: it stops all programs before it starts them anew, and
# takes no orders meanwhile. Its socket is away for a moment; where it stays away, that is for what
# comes next to tell. The switch waits for the same.
let_reload() {
  silent=0
  for _ in $(seq 300); do
    case $(systemctl is-active supervisor) in
      reloading) ;;
      active)
        told=$(supervisorctl pid) || [ "$?" != 124 ] || return 1
        case $told in
          *SHUTDOWN_STATE*) ;;
          unix:*) silent=$((silent + 1)) ;;
          *) return 0 ;;
        esac ;;
      *) return 0 ;;
    esac
    [ "$silent" -lt 15 ] || return 0
    sleep 0.2
  done
}

# Waits for an answer of supervisord's for a minute, though the client itself would wait without end:
# whoever may ask supervisord can keep it busy.
supervisorctl() {
  asked=0
  within_seconds 60 "$@" || asked=$?
  [ "$asked" != 124 ] || tell_silence 60 "$@"
  return "$asked"
}

# The client takes a file in the folder that it is started in first, and with it whom to ask.
# $1 the seconds, then supervisorctl's words.
within_seconds() {
  seconds=$1
  shift
  timeout -k 1 "$seconds" supervisorctl -c /etc/supervisor/supervisord.conf "$@"
}

# $1 the seconds, then supervisorctl's words.
tell_silence() {
  seconds=$1
  shift
  echo "supervisord has not answered within $seconds s ($*): another client may be keeping it busy." \
    "\`systemctl restart supervisor\` ends that, and restarts what it runs." >&2
}
