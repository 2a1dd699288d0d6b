# shellcheck shell=sh
# Installs Debian packages, with apt's lists renewed only where the old ones do not do. apt-get can
# wait for dpkg's lock, but not for that of its lists, and dpkg waits for none. Whether something is
# locked is read from what they say, in English.
#
# $1 how many seconds to wait for a lock, $2 a pattern of services that are not to start by
# themselves, $3 what tells the file by which they do not, then the packages.
seconds=$1 held=$2 mark=$3
shift 3
# needrestart would ask, or restart what others run.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
install() {
  apt-get install -y -q --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" < /dev/null
}
locked() { grep -q 'Could not get lock\|is locked by\|lock was locked by' "$output"; }
output=$(mktemp)
# Packages start their services as soon as they are there, with Debian's own files. Ours come
# first: so nothing but us starts ours. Should this process be killed, its word is void, whoever gets
# its number; the next run removes it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] || grep -q "$mark" "$policy"; then
  cat > "$policy" << END
#!/bin/sh
# Only for a while, $mark packages.
grep -qx $(cat /proc/sys/kernel/random/boot_id) /proc/sys/kernel/random/boot_id || exit 0
begun=\$(sed 's/.*) //' /proc/$$/stat 2> /dev/null | cut -d ' ' -f 20)
[ "\$begun" = $(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20) ] || exit 0
case \$1 in $held) exit 101 ;; esac
END
  chmod 755 "$policy"
  trap 'rm -f "$output" "$policy"' EXIT
else
  trap 'rm -f "$output"' EXIT
fi
waited=0
while :; do
  if ! dpkg --configure -a --force-confdef --force-confold > "$output" 2>&1 < /dev/null; then :
  elif install "$@" > "$output" 2>&1; then exit 0
  elif ! locked && apt-get update -q > "$output" 2>&1 && install "$@" > "$output" 2>&1; then exit 0
  fi
  if ! locked || [ "$waited" -ge "$seconds" ]; then break; fi
  sleep 1
  waited=$((waited + 1))
done
tail -n 20 "$output" >&2
if locked; then
  pid=$(sed -n 's/.*\(pid\|process\) \([0-9][0-9]*\).*/\2/p' "$output" | head -n 1)
  command=$(tr '\000' ' ' 2>/dev/null < "/proc/$pid/cmdline") || :
  echo "Waited for this lock for $seconds s. It is held by process $pid: $command" >&2
fi
exit 1
