# shellcheck shell=sh
# Whether a file was as it is, or was there, when the Nginx that runs took its configuration: then
# what it said is being served, though Nginx cannot read it now.
served() {
  ticks=
  main=$(systemctl show -P MainPID nginx)
  children=$(cat "/proc/$main/task/$main/children" 2>/dev/null)
  for child in $children; do
    case $(tr '\000' ' ' 2>/dev/null < "/proc/$child/cmdline") in *'shutting down'*) continue ;; esac
    started=$(cut -d ' ' -f 22 2>/dev/null < "/proc/$child/stat") || continue
    [ "${ticks:-$started}" -lt "$started" ] || ticks=$started
  done
  [ -n "$ticks" ] || return 1
  read -r uptime _ < /proc/uptime
  loaded=$(($(date +%s%N) / 10000000 - ${uptime%.*}${uptime#*.} + ticks))
  loaded=@$((loaded / 100)).$(printf %02d $((loaded % 100)))
  for path in "$1" "$(readlink -f "$1")"; do
    # Not every file system tells when a file was made.
    case $(stat -c %W "$path" 2>/dev/null) in ''|0|-) time=c ;; *) time=B ;; esac
    [ -n "$(find "$path" -maxdepth 0 -newer${time}t "$loaded")" ] || return 0
  done
  return 1
}
