# shellcheck shell=sh
# Tells what a host is like, and changes nothing. Each line that this prints is a record: its kind,
# then fields between tabs, all of them root's own words. What the project's user can write is read
# as him and told in one field, as base64. To start a program takes longer than most of what is read
# here, so what the shell can do by itself, it does.
#
# $1 the interpreter, $2 the user, $3 his home, $4 the Nginx site, $5 the release log, $6 the logs of
# app servers, a line for each, $7 a regular expression for what no file of Supervisor's may say, $8
# one for the variables by which processes say what they run. Then lists, each a word with a line for
# each: no path of root's own, no package and no group has a line end in it. They are packages,
# groups, paths of root's, how further ones begin, files whose text matters, units of systemd. Then
# whether a firewall is asked for, or nothing. Then home.sh, how many seconds it may take and how many
# bytes it may tell, and its words, of which the first two are folders.
python=$1 user=$2 home=$3 site=$4 log=$5 program_logs=$6 strays=$7 variables=$8
shift 8
packages=$1 groups=$2 paths=$3 beginnings=$4 texts=$5 more_units=$6 firewall=$7
shift 7
home_script=$1 home_seconds=$2 home_bytes=$3
shift 3
# What is not there, or cannot be read, is left out.
set +e
set -f
export LC_ALL=C
newline='
'
# A session of its own: it has no terminal, and outlives nobody's patience.
as() {
  number=$1 group=$2
  shift 2
  setsid setpriv --reuid "$number" --regid "$group" --clear-groups -- \
    env -i PATH=/usr/bin:/bin LC_ALL=C "$@" < /dev/null 2> /dev/null &
}
# The reader is what ends: whoever writes may have been stopped for good.
within() { timeout -k 1 "$1" head -c "$2"; }
# tell KIND TEXT: a record for each line, also for an empty one.
tell() {
  rest=$2$newline
  while [ -n "$rest" ]; do
    printf '%s\t%s\n' "$1" "${rest%%"$newline"*}"
    rest=${rest#*"$newline"}
  done
}
while read -r name _ number _; do
  [ "$name" = Uid: ] && printf 'uid\t%s\n' "$number" && break
done < /proc/self/status
sed -n 's/^\(ID\|ID_LIKE\)="\{0,1\}\([^"]*\)"\{0,1\}$/os\t\2/p' /etc/os-release 2>/dev/null
read -r uptime _ < /proc/uptime
printf 'time\t%s\t%s\n' "$(date +%s.%N)" "$uptime"
if python=$(command -v "$python"); then
  real=$(readlink -f "$python")
  case ${real##*/} in
    python3.[0-9] | python3.[0-9][0-9]) printf 'python\t%s\n' "${real##*/python}" ;;
    *)
      # Whoever wrote it, it does not run as root.
      printf 'python\t%s\n' "$(as 65534 65534 "$python" -c \
        'import sys; print("%d.%d" % sys.version_info[:2])' | within 10 100 | head -n 1)" ;;
  esac
fi
set +f
for path in /usr/bin/python3.* /usr/local/bin/python3.*; do
  case ${path##*/python} in
    3.[0-9] | 3.[0-9][0-9]) printf 'interpreter\t%s\n' "${path##*/}" ;;
  esac
done
set -f
for folder in "$1" "$2" /home; do
  stat -f --printf 'free\t%a\t%S\t%d\n' "$folder" 2>/dev/null && break
done
# What is mounted last hides what was mounted there before; and /home may be a symlink.
folder=$(cd "$folder" 2>/dev/null && pwd -P) || folder=/
mount='' options=''
while read -r _ point _ more _; do
  case $folder/ in
    "${point%/}"/*) [ "${#point}" -lt "${#mount}" ] || mount=$point options=$more ;;
  esac
done < /proc/mounts
case ,$options, in *,noexec,*) printf 'without\tprograms\t%s\n' "$mount" ;; esac
case ,$options, in *,ro,*) printf 'without\twriting\t%s\n' "$mount" ;; esac
number='' group=''
if entry=$(getent passwd "$user"); then
  number=${entry#*:*:} group=${entry#*:*:*:} shell=${entry##*:} entry=${entry%:*}
  number=${number%%:*} group=${group%%:*}
  printf 'user\t%s\t%s\t%s\t%s\n' "$(id -gn "$user")" "$(id -Gn "$user")" \
    "${entry##*:}" "$shell"
fi
set +f
# Who is root for the asking: by the files, also of a user who is not there yet, and by sudo itself as
# he is now, which knows of aliases and of what it asks nobody for. A rule for some commands alone is
# none of these. To ask sudo takes as long as ten programs, and most servers have nothing of the kind.
if grep -qsE 'NOPASSWD|!authenticate|^[@#]include ' /etc/sudoers /etc/sudoers.d/*; then
  sed -nE 's/^[[:space:]]*([^#[:space:]]+)[[:space:]].*NOPASSWD:(.*[:,[:space:]])?ALL[[:space:]]*$/root\t\1/p' \
    /etc/sudoers /etc/sudoers.d/* 2>/dev/null
  may=
  [ -z "$number" ] || may=$(sudo -n -l -U "$user" 2>/dev/null < /dev/null)$newline
  case $may in
    *'!authenticate'*" ALL$newline"*) printf 'may-be-root\tnow\n' ;;
    *NOPASSWD:*)
      ! printf %s "$may" | grep -q 'NOPASSWD:\(.*[:, ]\)\?ALL$' || printf 'may-be-root\tnow\n'
      ;;
  esac
fi
set -f
find /etc/nginx -printf 'nginx\t%C@\n' 2>/dev/null
units=$(systemctl show nginx.service supervisor.service certbot.timer \
  -p Id,LoadState,ActiveState,UnitFileState,MainPID,StateChangeTimestampMonotonic \
  -p NeedDaemonReload,DropInPaths 2>/dev/null)
tell unit "$units"
nginx=${units#*MainPID=} supervisor=${units##*MainPID=}
nginx=${nginx%%"$newline"*} supervisor=${supervisor%%"$newline"*}
entries() {
  find "$@" -maxdepth 0 -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' \
    -type f -exec sha256sum {} + 2>/dev/null
}
# The lists, of which each line is a word.
IFS=$newline
# shellcheck disable=SC2016,SC2086 # dpkg-query's variables; a list
dpkg-query -W -f 'package\t${Package}\t${db:Status-Status}\n' $packages 2>/dev/null
# shellcheck disable=SC2086 # a list
for entry in $(getent group $groups); do
  printf 'group\t%s\n' "${entry%%:*}"
done
# What begins as asked comes after the paths themselves, in one go with them.
declared() {
  # shellcheck disable=SC2086 # a list
  set -- $paths
  for beginning in $beginnings; do
    set +f
    set -- "$@" "$beginning"*
    set -f
  done
  entries "$@"
}
declared
if [ -n "$more_units" ]; then
  # shellcheck disable=SC2086 # a list
  tell unit "$newline$(systemctl show $more_units \
    -p Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload,Result 2>/dev/null)"
fi
# shellcheck disable=SC2086 # a list
find $program_logs -maxdepth 0 -type f \
  -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' 2>/dev/null
for path in $texts; do
  [ -f "$path" ] && printf 'text\t%s\t%s\n' "$path" "$(base64 -w 0 < "$path")"
done
unset IFS
# What serves the site now may be another file than what is to.
now=$(sed -n 's/^ *"site_file": "\([^"]*\)".*/\1/p' "/usr/local/lib/$user/switch.json" 2>/dev/null)
[ -f "$now" ] || now=$site
printf 'site\t%s\n' "$now"
tail -n 100 "$log" 2>/dev/null | sed 's/^/log\t/'
{ read -r pid < /run/nginx.pid; } 2>/dev/null && printf 'nginx-pid\t%s\n' "$pid"
set +f
for path in /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* "$site" "$now"; do
  # A pipe would be waited for, and what is long is no site.
  [ -f "$path" ] || continue
  printf 'nginx-file\t%s\t%s\n' "$path" "$(head -c 200000 "$path" | base64 -w 0)"
done
# What root has written down of each project here. A word of it is nobody else's to say.
for path in /usr/local/lib/*/switch.json /usr/local/lib/*/balancer.json \
  /usr/local/lib/*/database.json /usr/local/lib/*/server.json; do
  [ -e "$path" ] || continue
  [ -n "$(find "$path" -maxdepth 0 -type f -uid 0 ! -perm /022 -size -200k 2>/dev/null)" ] || continue
  printf 'project\t%s\t%s\n' "$path" "$(base64 -w 0 < "$path")"
done
swap=/var/swap/django_stack
if [ -e "$swap" ]; then
  stat --printf 'swap-file\t%s %a %U\n' "$swap"
  while read -r path _; do
    [ "$path" != "$swap" ] || printf 'swaps\t%s\n' "$path"
  done < /proc/swaps
fi
rules=/etc/django-stack/firewall.nft
if [ -n "$firewall" ] || [ -e "$rules" ]; then
  main=$(systemctl show -p MainPID --value ssh.service 2>/dev/null)
  {
    sshd -T 2>/dev/null | sed -n 's/^listenaddress .*:\([0-9]*\)$/\1/p'
    # By its own sockets: what ss says of processes is their own word, and users of SSH open others.
    find "/proc/${main:-0}/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n' |
      while read -r inode; do
        awk -v inode="$inode" '$4 == "0A" && $10 == inode { sub(/.*:/, "", $2); print $2 }' \
          /proc/net/tcp /proc/net/tcp6
      done | while read -r port; do echo "$((0x$port))"; done
    systemctl is-active -q ssh.socket &&
      systemctl show -p Listen --value ssh.socket | sed -n 's/.*:\([0-9]*\) (Stream)$/\1/p'
  } | sed 's/^/ssh-port\t/'
  ss -Hltn 2>/dev/null | awk '$4 !~ /^(127\.|\[::1\]|\[::ffff:127\.)/ { print $4 }' |
    sed 's/.*:/listening\t/'
  if live=$(nft -s list table inet django_stack 2>/dev/null); then
    # How the files read when they are loaded, in a network that ends at once.
    # shellcheck disable=SC2016 # the other shell's
    filed=$(unshare -n sh -c 'nft -f "$1" && nft -s list table inet django_stack' sh "$rules" \
      2>/dev/null)
    [ "$live" = "$filed" ] && live='as filed' || live=differs
    printf 'firewall\t%s\n' "$live"
  fi
fi
# Whom a person has ufw let in.
if [ -f /etc/ufw/ufw.conf ] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf &&
  ! grep -qs '^DEFAULT_INPUT_POLICY="ACCEPT"' /etc/default/ufw; then
  printf 'ufw\t\t\n'
  # allow|limit PROTOCOL PORT DESTINATION PORT SOURCE [APPLICATIONS] in[_INTERFACE]
  sed -nE 's/^### tuple ### (allow|limit) (any|tcp) ([0-9:,]+|any) [^ ]+ [^ ]+ ([^ ]+) (.* )?in(_.*)?$/ufw\t\3\t\4/p' \
    /etc/ufw/user.rules /etc/ufw/user6.rules 2>/dev/null
fi
# Booted with ipv6.disable=1, a kernel has none of its settings.
[ -d /proc/sys/net/ipv6 ] || printf 'without\tIPv6\t/\n'
# Of IPv6, all addresses together are what sites listen at.
ss -Hltnp '( sport = :80 or sport = :443 )' 2>/dev/null |
  sed -n '/\[[0-9a-f:]*[0-9a-f][0-9a-f:]*\]\(%[^ ]*\)\?:\(80\|443\) /d
    s/.*:\(80\|443\) .*users:(("\([A-Za-z0-9._-]*\)",pid=\([0-9]*\).*/at-port\t\1\t\2 (process \3)/p'
found=$(grep -lsE "$strays" /etc/supervisor/conf.d/*.conf)
[ -z "$found" ] || tell supervisor-stray "$found"
set -f
process() {
  # A process names itself, with line ends and brackets if it likes.
  line=
  { while IFS= read -r part; do line="$line $part"; done < "/proc/$1/stat"; } 2>/dev/null
  pid=$1
  # shellcheck disable=SC2086 # its fields
  set -- "$2" ${line##*) }
  [ "$#" -gt 20 ] && [ "$3" = "$1" ] || return 0
  shift 20
  printf 'process\t%s\t%s\t%s\t%s\n' "$pid" "$parent" "$1" \
    "$(within 5 10000 2>/dev/null < "/proc/$pid/cmdline" | tr '\000\t\n' '\t??')"
  children=
  { read -r children < "/proc/$pid/task/$pid/children"; } 2>/dev/null
  # shellcheck disable=SC2086 # its fields
  set -- $children
  printf 'children\t%s\t%s\n' "$pid" "$#"
  # Nginx's workers do not say what they run.
  [ "$parent" = "$supervisor" ] || return 0
  within 5 4000000 2>/dev/null < "/proc/$pid/environ" | tr '\000' '\n' |
    sed -n "s/^\($variables\)=/variable\t$pid\t\1\t/p"
}
for parent in "$nginx" "$supervisor"; do
  # shellcheck disable=SC2013 # they are words of one line
  for pid in $(cat "/proc/$parent/task/$parent/children" 2>/dev/null); do
    process "$pid" "$parent"
  done
done
if [ -d "$home" ]; then
  if [ -z "$number" ]; then
    number=$(stat -c %u "$home") group=$(stat -c %g "$home")
  fi
  [ "$number" -gt 0 ] || number=65534 group=65534
  printf 'home\t%s\t%s\n' "$home" "$(as "$number" "$group" sh -c "$home_script" sh "$@" |
    within "$home_seconds" "$home_bytes" | base64 -w 0)"
else
  printf 'home\t%s\t-\n' "$home"
fi
exit 0
