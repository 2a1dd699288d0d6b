# shellcheck shell=sh
# Has supervisord run with the file that it had before the first project. With programs of a person's
# own it goes on, with its socket closed, and reads that file when it is next started.
#
# $1 its file, $2 what that was, $3 the socket, $4 what closes the socket beside its file,
# $5 what did so for earlier versions.
if ! cmp -s "$2" "$1"; then
  cp -aT "$2" "$1.new"
  mv -fT "$1.new" "$1"
fi
rm -f "$4" "$5"
rmdir --ignore-fail-on-non-empty "${5%/*}" 2> /dev/null || :
systemctl daemon-reload
systemctl is-active -q supervisor || exit 0
let_reload
if [ -z "$(supervisorctl status)" ]; then
  systemctl restart supervisor
  for _ in $(seq 100); do
    [ ! -S "$3" ] || exit 0
    sleep 0.1
  done
  systemctl status -n 20 --no-pager supervisor >&2 || :
  exit 1
fi
chown root:root "$3"
chmod 0700 "$3"
touch "$3"
echo "supervisord goes on, with programs that are not the project's; it reads $1 when it starts anew."
