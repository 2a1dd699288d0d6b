# shellcheck shell=sh
# Has an account that was there before the first deployment as it was then. What runs as it goes on.
#
# $1 the account, $2 its home of then, $3 the project's home, $4 the mode and $5 the group that this is
# to have, or nothing each, $6 whether it goes, a word or nothing, $7 root's folder for what is being
# removed, $8 the group of the logs where that goes, or nothing, $9 the folder of the logs, then its
# shell, its own group and its others.
user=$1 home=$2 projects=$3 mode=$4 homes_group=$5 goes=$6 aside=$7 log_group=$8 logs=$9
shift 9
shell=$1 group=$2
shift 2
# Whatever the plan has seen: nobody's own home is removed.
if [ -n "$goes" ]; then
  case $(readlink -m -- "$home")/ in "$(readlink -m -- "$projects")"/*) goes='' ;; esac
  # shellcheck disable=SC3013 # dash has it
  [ ! "$home" -ef "$projects" ] || goes=''
  [ -n "$goes" ] || {
    echo "$projects is, or has in it, $home, the home that $user had before the first deployment: it \
is not removed, and nothing else was changed of $user. Plan again." >&2
    exit 1
  }
fi
# Before the account, by which the next plan knows whether this was done.
if [ -n "$mode" ] && [ -d "$projects" ] && [ ! -L "$projects" ]; then
  [ -z "$homes_group" ] || chgrp "$homes_group" "$projects"
  chmod "$mode" "$projects"
fi
IFS=,
usermod -g "$group" -G "$*" -s "$shell" "$user"
unset IFS
set_home "$user" "$home"
if [ -n "$goes" ] && [ -e "$projects" ]; then remove_home "$aside" "$projects"; fi
if [ -n "$log_group" ] && getent group "$log_group" > /dev/null; then
  [ ! -d "$logs" ] || find "$logs" -group "$log_group" -exec chgrp -h root {} +
  groupdel "$log_group"
fi
