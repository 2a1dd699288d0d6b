# shellcheck shell=sh
# Has an account that was there before the first deployment as it was then. What runs as it goes on.
#
# $1 the account, $2 its home of then, $3 the mode and $4 the group of that, or nothing each, $5 the
# home that goes, or nothing, $6 the group of the logs where that goes, or nothing, $7 the folder of
# the logs, then its shell and its groups, the first of which is its own.
user=$1 home=$2 mode=$3 homes_group=$4 gone=$5 log_group=$6 logs=$7 shell=$8 group=$9
shift 9
groups=
for one; do
  # One may have gone since.
  ! getent group "$one" > /dev/null || groups=$groups${groups:+,}$one
done
usermod -g "$group" -G "$groups" -s "$shell" "$user"
set_home "$user" "$home"
if [ -n "$mode" ] && [ -d "$home" ] && [ ! -L "$home" ]; then
  chgrp "$homes_group" "$home"
  chmod "$mode" "$home"
fi
if [ -n "$gone" ] && [ -e "$gone" ]; then
  rm -rf --one-file-system -- "$gone" || {
    echo "$gone is not removed whole; is there another file system in it?" >&2
    exit 1
  }
fi
if [ -n "$log_group" ] && getent group "$log_group" > /dev/null; then
  [ ! -d "$logs" ] || find "$logs" -group "$log_group" -exec chgrp -h root {} +
  groupdel "$log_group"
fi
