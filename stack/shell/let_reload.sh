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

# Debian's takes a file in the folder that it is started in first, and with it whom to ask. It waits for
# an answer as long as that takes: and whoever may ask supervisord can keep it busy.
supervisorctl() {
  case $1 in
    # For what may take its time to end.
    stop | restart | update) seconds=3600 ;;
    *) seconds=60 ;;
  esac
  code=0
  timeout -k 1 "$seconds" supervisorctl -c /etc/supervisor/supervisord.conf "$@" || code=$?
  [ "$code" != 124 ] || echo "supervisord has not answered within $seconds s ($*):" \
    "is somebody asking it much? \`systemctl restart supervisor\` ends that, and restarts what it runs." >&2
  return "$code"
}
