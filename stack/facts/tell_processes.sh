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
# makes the socket under a name with its number, which stays the kernel's name for it. Anybody may
# have sockets of other names, with line ends in them, and in a /run of his own thousands of these
# names: so they are asked for by name, and the one counts that the file here is of.
tell_socket() {
  socket=/run/supervisor.sock
  [ -S "$socket" ] || return 0
  own=$(find -H "$socket" "/proc/$supervisor/fd" \
    -type s -printf '%D %i\n' -o -lname 'socket:*' -printf '%l\n' 2>/dev/null)
  file=${own%%"$newline"*}
  case $file in '' | *[!0-9\ ]*) return 0 ;; esac
  device=${file% *} file=${file#* }
  # ss takes the kernel's number of a device apart as if it were a program's.
  device=$(((device >> 8 & 0xfff) << 20 | device & 0xff | device >> 12 & 0xfff00))
  there="ino:$((file & 0xffffffff)) dev:$((device >> 8 & 0xfff))"
  there="$there/$((device & 0xff | device >> 12 & 0xfff00))"
  names="src = unix:$socket or src = unix:/var$socket" end=.
  for _ in 1 2 3 4 5 6 7; do
    end="${end}[0-9]"
    names="$names or src = unix:$socket$end or src = unix:/var$socket$end"
  done
  inode=$(timeout -k 1 10 ss -Hxlne "$names" 2>/dev/null |
    sed -nE "s,^u_str +LISTEN +[0-9]+ +[0-9]+ +[^ ]+ +([0-9]+) .* $there( .*)?\$,\\1,p")
  [ -n "$inode" ] || return 0
  case $newline$own$newline in *"${newline}socket:[$inode]$newline"*) return 0 ;; esac
  set +f
  holder=$(timeout -k 1 10 find /proc/[0-9]*/fd -lname "socket:\\[$inode\\]" -printf '%H' -quit \
    2>/dev/null)
  set -f
  holder=${holder#/proc/} holder=${holder%/fd}
  [ -n "$holder" ] || return 0
  unit=$(sed -nE 's,^(0:|[0-9]+:name=systemd):.*/([A-Za-z0-9:_.@-]*)$,\2,p' \
    "/proc/$holder/cgroup" 2>/dev/null | head -n 1)
  # It may have been started anew meanwhile.
  [ "$unit" != supervisor.service ] || return 0
  # What else a service runs ends with it.
  case $unit in
    *.service)
      main=$(systemctl show -p MainPID --value -- "$unit" 2>/dev/null)
      [ "$main" = "$holder" ] || unit=
      ;;
  esac
  name=$(tr -dc 'A-Za-z0-9._-' < "/proc/$holder/comm" 2>/dev/null)
  printf 'supervisor-socket\t%s (process %s)\t%s\n' "$name" "$holder" "$unit"
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
    children=
    { read -r children < "/proc/$parent/task/$parent/children"; } 2>/dev/null
    for pid in $children; do
      process "$pid" "$parent"
    done
  done
}
