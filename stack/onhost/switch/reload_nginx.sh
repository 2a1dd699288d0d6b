# shellcheck shell=sh
# Has Nginx take the configuration that is on disk, and waits until workers run with it and those
# of before take no more visitors; says why not. `nginx -s reload` and systemd's are done before
# Nginx has tried. The workers of before, which end once their visitors have what they wait for, are
# left in $before.
error_log=/var/log/nginx/error.log
reload_nginx() {
  main=$(systemctl show -P MainPID nginx)
  # `reload` sends its signal to whomever this file names.
  [ "$(cat /run/nginx.pid 2>/dev/null)" = "$main" ] || printf '%s\n' "$main" > /run/nginx.pid
  children=/proc/$main/task/$main/children
  before=" $(cat "$children") "
  known=$(stat -c %s "$error_log" 2>/dev/null) || known=0
  # The files' times are compared with the workers' to see what is loaded; both are coarse.
  sleep 0.03
  systemctl reload nginx || {
    systemctl status -n 20 --no-pager nginx >&2
    return 1
  }
  for pause in 0.01 0.01 0.02 0.02 $(yes 0.05 | head -n 200); do
    # shellcheck disable=SC2013 # they are words of one line
    for child in $(cat "$children"); do
      case $before in
        *" $child "*) ;;
        *)
          let_them_close
          return 0 ;;
      esac
    done
    sleep "$pause"
  done
  echo 'Nginx did not take the new configuration; its own words:' >&2
  # What no log of the configuration's is open for goes to the journal.
  journalctl -q -u nginx -o cat -n 10 --no-pager >&2
  tell_errors >&2
  return 1
}
# What Nginx has logged since of why it stays as it was: its visitors' doings are of other levels. Only
# where the log is a file in a folder of root's, into which nobody else could put another.
tell_errors() {
  [ -f "$error_log" ] && [ ! -L "$error_log" ] || return 0
  [ -n "$(find "${error_log%/*}" -maxdepth 0 -uid 0 ! -perm /022)" ] || return 0
  tail -c "+$((known + 1))" "$error_log" | head -c 100000 | tr -cd '[:print:]\n' |
    grep -E '\[(emerg|alert)\]' | tail -n 5 || :
}
# Nginx gives new workers a tenth of a second before it tells the old ones, which say so of
# themselves as they close their sockets.
let_them_close() {
  # shellcheck disable=SC2086 # they are words
  for worker in $before; do
    for pause in $(yes 0.01 | head -n 300); do
      # Its number may be another's by now, who has as much there as he likes.
      { title=$(head -c 99 < "/proc/$worker/cmdline"); } 2>/dev/null || :
      case $title in '' | *'shutting down'*) break ;; esac
      sleep "$pause"
    done
  done
}
