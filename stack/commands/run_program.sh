# shellcheck shell=sh
# Has Supervisor run a program from its file and a release, and waits until it does. `update` starts
# or restarts what has a new file, and leaves alone what has not. The switch says the same of the app
# server, which it asks for its health page in place of waiting for startsecs.
#
# $1 the program, $2 its file, $3 the folder of the release that is live, $4 the program's log.
program=$1 file=$2 release=$3 log=$4
# Whose process it is says how much there is to read of it: this is as much as the kernel starts a
# program with.
runs_release() {
  timeout -k 1 5 head -c 6291456 2> /dev/null < "/proc/$pid/environ" | tr '\000' '\n' |
    grep -qxF "RELEASE_FOLDER=$release"
}
uptime() { cut -d . -f 1 /proc/uptime; }
before=$(size_of "$log")
let_reload
read=$(supervisorctl reread) || :
case $read in
  ERROR*)
    printf '%s\n' "Supervisor cannot read its files: $read" >&2
    exit 1 ;;
esac
let_end "$program" "$file" || exit 1
told=$(with_patience "$program" "$file" update "$program") || [ "$?" != 124 ] || exit 1
case $told in
  *'process group'*) ;;
  *) told=$(with_patience "$program" "$file" restart "$program") || [ "$?" != 124 ] || exit 1 ;;
esac
until_then=$(($(uptime) + 300))
for _ in $(seq 300); do
  pid=$(supervisorctl pid "$program") || :
  if runs_release && supervisorctl status "$program" | grep -q RUNNING; then
    exit 0
  fi
  [ "$(uptime)" -lt "$until_then" ] || break
  case $(supervisorctl status "$program") in *FATAL*) break ;; esac
  sleep 0.2
done
tell_log "$log" "$before"
case $told in *"ERROR ("*) printf '%s\n' "$told" >&2 ;; esac
supervisorctl status "$program" >&2 || :
echo "The program $program does not start; ${release##*/} is live without it." >&2
exit 1
