# shellcheck shell=sh
# Has an account that was there before the first deployment as it was then. What runs as it goes on.
#
# $1 the account, $2 its home of then, $3 the mode and $4 the group of that, or nothing each, $5 the
# home that goes, or nothing, $6 root's folder for what is being removed, $7 the group of the logs where
# that goes, or nothing, $8 the folder of the logs, $9 its shell, then its groups, the first of which is
# its own.
user=$1 home=$2 mode=$3 homes_group=$4 goes=$5 aside=$6 log_group=$7 logs=$8 shell=$9
shift 9
group=$1
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
if [ -n "$goes" ] && [ -e "$goes" ]; then
  cd "${goes%/*}" || exit
  set_aside "$aside" "./${goes##*/}"
  remove_aside "$aside" 60
  remove_here 60 rm -rf --one-file-system -- "./${goes##*/}" || :
  [ ! -e "$goes" ] || {
    echo "$goes could not be removed completely; is another file system mounted in it?" >&2
    exit 1
  }
fi
if [ -n "$log_group" ] && getent group "$log_group" > /dev/null; then
  [ ! -d "$logs" ] || find "$logs" -group "$log_group" -exec chgrp -h root {} +
  groupdel "$log_group"
fi
