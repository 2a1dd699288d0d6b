# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# The host itself, and what it has to run the project: $1 and $2 are folders of the home.
tell_system() {
  while read -r name _ acting _; do
    [ "$name" = Uid: ] && printf 'uid\t%s\n' "$acting" && break
  done < /proc/self/status
  sed -n 's/^\(ID\|ID_LIKE\)="\{0,1\}\([^"]*\)"\{0,1\}$/os\t\2/p
    s/^VERSION_ID="\{0,1\}\([0-9.]*\)"\{0,1\}$/os-version\t\1/p' /etc/os-release 2>/dev/null
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
  swap=/var/swap/django_stack
  if [ -e "$swap" ]; then
    stat --printf 'swap-file\t%s %a %U\n' "$swap"
    while read -r path _; do
      [ "$path" != "$swap" ] || printf 'swaps\t%s\n' "$path"
    done < /proc/swaps
  fi
  # Booted with ipv6.disable=1, a kernel has none of its settings.
  [ -d /proc/sys/net/ipv6 ] || printf 'without\tIPv6\t/\n'
}
