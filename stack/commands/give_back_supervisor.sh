# shellcheck shell=sh
# Has supervisord run with the file that it had before the first project. With programs of a person's
# own it goes on, with its socket closed, and reads that file when it is next started.
#
# $1 its file, $2 what that was, which an earlier version may not have kept, $3 the socket, then what
# else of ours it is started with.
file=$1 original=$2 socket=$3
shift 3
rm -f "$@"
rmdir --ignore-fail-on-non-empty /etc/systemd/system/supervisor.service.d 2> /dev/null || :
systemctl daemon-reload
[ -e "$original" ] || exit 0
if ! cmp -s "$original" "$file"; then
  cp -aT "$original" "$file.new"
  mv -fT "$file.new" "$file"
fi
systemctl is-active -q supervisor || exit 0
let_reload
if [ -z "$(supervisorctl status)" ]; then
  systemctl restart supervisor || :
  for _ in $(seq 100); do
    [ ! -S "$socket" ] || exit 0
    sleep 0.1
  done
  systemctl status -n 20 --no-pager supervisor >&2 || :
  exit 1
fi
chown root:root "$socket"
chmod 0700 "$socket"
touch "$socket"
echo "supervisord goes on, with programs that are not the project's; it reads $file when it next starts."
