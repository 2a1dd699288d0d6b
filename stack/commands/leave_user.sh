# shellcheck shell=sh
# Ends what a user still runs, and takes his rights away; where nothing of his must stay, his home and
# him too. The group goes last: its files have nobody's number by then.
#
# $1 the user, $2 his group, $3 the folder of the logs, $4 the home that goes, or nothing where it
# stays, $5 root's folder for what is being removed, $6 the script that takes the right to read what was
# logged from numbers, then files of his outside of it that go.
user=$1 group=$2 logs=$3 home=$4 aside=$5 readers=$6
shift 6
if number=$(id -u "$user" 2> /dev/null); then
  if [ "$number" -eq 0 ]; then
    echo "$user has root's number here; nothing of it was removed." >&2
    exit 1
  fi
  # The groups first: what he starts from now on has none of them.
  usermod -G "$(getent group "$group" | cut -d : -f 1)" "$user"
  systemctl stop "user@$number.service" "user-runtime-dir@$number.service" 2> /dev/null || :
  end_all_of "$user" "$number"
  [ -n "$home" ] || exit 0
  [ ! -d "$logs" ] || find "$logs" -user "$user" -exec chown -h root {} +
fi
# His crontab before his home: it starts processes.
rm -rf -- "$@"
if [ -n "$home" ] && [ -e "$home" ]; then remove_home "$aside" "$home"; fi
group_number=$(getent group "$group" | cut -d : -f 3)
if [ -n "$group_number" ] && [ -d "$logs" ]; then
  find "$logs" -group "$group" -exec chgrp -h root {} +
fi
if [ -n "$number" ]; then
  end_all_of "$user" "$number"
  keep_numbers "$user" "$number" "$group_number" "$readers"
  userdel "$user"
fi
# One of his own name has gone with him, where login.defs says so.
! getent group "$group" > /dev/null || groupdel "$group"
