# shellcheck shell=sh disable=SC2034 # the functions have the variables
# Tells what a host is like, and changes nothing. Each line that this prints is a record: its kind,
# then fields between tabs, all of them root's own words. What the project's user can write is read
# as him and told in one field, as base64. To start a program takes longer than most of what is read
# here, so what the shell can do by itself, it does.
#
# $1 the interpreter, $2 the user, $3 his home, $4 the Nginx site, $5 the release log, $6 the logs of
# app servers, a line for each, $7 a regular expression for what one file of Supervisor's alone may
# say, $8 one for the variables by which processes say what they run, $9 the port of TCP that the app
# server is to listen at, or nothing. Then lists, each a word with a line for each: no path of root's own, no
# package and no group has a line end in it. They are packages, groups, paths of root's, how further
# ones begin, files whose text matters, units of systemd. Then whether a firewall is asked for, and
# whether nothing but the home is, each a word or nothing, and the file in which is written down what
# the user was like before the first deployment, or nothing. Then home.sh, how many seconds it may take
# and how many bytes it may tell, and its words, of which the first two are folders. The functions
# that are called here stand in files of their names.
python=$1 user=$2 home=$3 site=$4 log=$5 program_logs=$6 strays=$7 variables=$8 bind_port=$9
shift 9
packages=$1 groups=$2 paths=$3 beginnings=$4 texts=$5 more_units=$6 firewall=$7 alone=$8 before=$9
shift 9
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
number='' group=''
if entry=$(getent passwd "$user"); then
  number=${entry#*:*:} group=${entry#*:*:*:} shell=${entry##*:} entry=${entry%:*}
  number=${number%%:*} group=${group%%:*}
  printf 'user\t%s\t%s\t%s\t%s\n' "$(id -gn "$user")" "$(id -Gn "$user")" \
    "${entry##*:}" "$shell"
  # LDAP, say, has accounts too.
  here=
  while IFS=: read -r name _; do [ "$name" != "$user" ] || here=yes; done < /etc/passwd
  [ -n "$here" ] || printf 'without\taccount\t%s\n' "$user"
fi
home_before='' shell_before='' groups_before=''
if [ -f "$before" ]; then
  {
    IFS= read -r home_before
    IFS= read -r shell_before
    # His own, his others, and below a line on something else that of the home.
    read -r one && groups_before=$one
    read -r others && groups_before="$groups_before $others"
    read -r _
    read -r _ one && groups_before="$groups_before $one"
  } < "$before"
fi
for one in $groups_before; do
  getent group "$one" > /dev/null || printf 'gone\t%s\n' "$one"
done
[ -z "$shell_before" ] || [ -x "$shell_before" ] || printf 'gone\t%s\n' "$shell_before"
[ -z "$home_before" ] || [ -d "$home_before" ] || printf 'gone\t%s\n' "$home_before"
# However passwd spells it, and wherever symlinks and mounts lead.
if [ -n "$home_before" ]; then
  # shellcheck disable=SC3013 # dash has it
  case $(readlink -m -- "$home_before")/ in
    "$(readlink -m -- "$home")"/*) printf 'lived-in\t%s\n' "$home" ;;
    *) [ ! "$home_before" -ef "$home" ] || printf 'lived-in\t%s\n' "$home" ;;
  esac
fi
tell_home() {
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
}
# Each of the two takes half of the time. Nothing else is printed before the home's line is out.
tell_home "$@" &
told=$(
  tell_system "$1" "$2"
  [ -z "$alone" ] || exit
  tell_run "/run/django-stack/$user-deploy"
  tell_roots
  tell_units
  tell_files
  tell_doors
  tell_processes
)
wait
printf '%s\n' "$told"
exit 0
