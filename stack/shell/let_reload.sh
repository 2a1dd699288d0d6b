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
        case $(supervisorctl pid) in
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

# Debian's takes a file in the folder that it is started in first, and with it whom to ask.
supervisorctl() { command supervisorctl -c /etc/supervisor/supervisord.conf "$@"; }
