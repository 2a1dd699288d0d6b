# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# What systemd and Supervisor run. Leaves the main processes in $nginx and $supervisor.
tell_units() {
  # All of it may be a symlink, into a repository say.
  find -H /etc/nginx -printf 'nginx\t%C@\n' 2>/dev/null
  units=$(systemctl show nginx.service supervisor.service certbot.timer \
    -p Id,LoadState,ActiveState,UnitFileState,MainPID,StateChangeTimestampMonotonic \
    -p NeedDaemonReload,DropInPaths 2>/dev/null)
  tell unit "$units"
  nginx=${units#*MainPID=} supervisor=${units##*MainPID=}
  nginx=${nginx%%"$newline"*} supervisor=${supervisor%%"$newline"*}
}

# Whoever listens at supervisord's socket, where it is not Debian's: a supervisord from pip, say. Each
# makes the socket under a name with its number, which stays in the kernel's list. There, a container
# in the host's network may have one of that name too, on a file system of its own.
tell_socket() {
  socket=/run/supervisor.sock
  [ -S "$socket" ] || return 0
  inodes=$(sed -nE "s,^[^ ]+ +[^ ]+ +[^ ]+ +00010000 +0001 +01 +([0-9]+) /(var/)?run/supervisor\\.sock(\\.[0-9]+)?\$,\\1,p" \
    /proc/net/unix)
  for inode in $inodes; do
    [ -z "$(find "/proc/$supervisor/fd" -lname "socket:\\[$inode\\]" -print -quit 2>/dev/null)" ] ||
      return 0
  done
  for inode in $inodes; do
    set +f
    holder=$(find /proc/[0-9]*/fd -lname "socket:\\[$inode\\]" -printf '%H' -quit 2>/dev/null)
    set -f
    holder=${holder#/proc/} holder=${holder%/fd}
    there=$(stat -c %d:%i "/proc/${holder:-0}/root$socket" 2>/dev/null)
    [ "$there" = "$(stat -c %d:%i "$socket")" ] || continue
    unit=$(sed -nE 's,^(0:|[0-9]+:name=systemd):.*/([A-Za-z0-9:_.@-]*)$,\2,p' \
      "/proc/$holder/cgroup" 2>/dev/null | head -n 1)
    # It may have been started anew meanwhile.
    [ "$unit" != supervisor.service ] || return 0
    name=$(tr -dc 'A-Za-z0-9._-' < "/proc/$holder/comm" 2>/dev/null)
    printf 'supervisor-socket\t%s (process %s)\t%s\n' "$name" "$holder" "$unit"
    return 0
  done
}

# One that a signal has stopped.
tell_stopped() {
  { read -r line < "/proc/$supervisor/stat"; } 2>/dev/null || return 0
  case ${line##*) } in [Tt]*) printf 'supervisor-stopped\t%s\n' "$supervisor" ;; esac
}

# whose NUMBER: leaves the name of an account in $owner, without a program for what files have.
accounts=
whose() {
  case $1 in
    "$number") owner=$user && return ;;
    0) owner=root && return ;;
  esac
  if [ -z "$accounts" ]; then
    accounts=$newline
    while IFS=: read -r name _ id _; do accounts=$accounts$id:$name$newline; done < /etc/passwd
  fi
  owner=$1
  case $accounts in
    *"$newline$1:"*) owner=${accounts#*"$newline$1:"} owner=${owner%%"$newline"*} ;;
  esac
}

# In its folder nothing is another's, whoever gets its number meanwhile.
process() {
  cd "/proc/$1" 2>/dev/null || return 0
  # A process names itself, with line ends and brackets if it likes.
  line=
  { while IFS= read -r part; do line="$line $part"; done < stat; } 2>/dev/null
  # Here the kernel writes a line end otherwise. The folder's owner is root where memory is hidden,
  # and a program of root's that anybody may run has its environment from who runs it.
  real=
  { while read -r key real _; do [ "$key" != Uid: ] || break; done < status; } 2>/dev/null
  [ -n "$real" ] || return 0
  whose "$real"
  pid=$1
  # shellcheck disable=SC2086 # its fields
  set -- "$2" ${line##*) }
  [ "$#" -gt 20 ] && [ "$3" = "$1" ] || return 0
  shift 20
  words=
  if [ "$parent" = "$nginx" ]; then
    # Its own words, for which nobody has to be waited.
    { IFS= read -r words < cmdline; } 2>/dev/null
  else
    words=$(within 5 10000 2>/dev/null < cmdline | tr '\000\t\n' '\t??')
  fi
  printf 'process\t%s\t%s\t%s\t%s\t%s\n' "$pid" "$parent" "$owner" "$1" "$words"
  children=
  { read -r children < "task/$pid/children"; } 2>/dev/null
  # shellcheck disable=SC2086 # its fields
  set -- $children
  printf 'children\t%s\t%s\n' "$pid" "$#"
  # Nginx's workers do not say what they run.
  [ "$parent" = "$supervisor" ] || return 0
  within 5 4000000 2>/dev/null < environ | tr '\000' '\n' |
    sed -n "s/^\($variables\)=/variable\t$pid\t\1\t/p"
}

tell_processes() {
  tell_socket
  tell_stopped
  set +f
  found=$(grep -osEHZ "$strays" /etc/supervisor/conf.d/*.conf | tr '\t\000' ' \t')
  set -f
  [ -z "$found" ] || tell supervisor-stray "$found"
  for parent in "$nginx" "$supervisor"; do
    # shellcheck disable=SC2013 # they are words of one line
    for pid in $(cat "/proc/$parent/task/$parent/children" 2>/dev/null); do
      process "$pid" "$parent"
    done
  done
}
