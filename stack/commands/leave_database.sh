# shellcheck shell=sh
# Has PostgreSQL run without what a deployment has said: it listens and lets in as it did before.
#
# $1 the port, $2 PostgreSQL's unit, $3 its pg_hba.conf, $4 the folder of what that was before, which
# goes last; then the paths of files that go.
# shellcheck disable=SC2034 # sql has it
port=$1
unit=$2 hba=$3 originals=$4
shift 4
cd /
if [ -f "$originals$hba" ]; then
  cp -aT "$originals$hba" "$hba.new"
  mv -fT "$hba.new" "$hba"
fi
rm -f -- "$@"
folder=/etc/systemd/system/postgresql@.service.d
[ ! -d "$folder" ] || rmdir --ignore-fail-on-non-empty "$folder"
systemctl daemon-reload
if systemctl is-active -q "$unit"; then
  # Where it listens changes with a restart only.
  systemctl restart "$unit"
  for _ in $(seq 200); do
    told=$(sql -c 'SELECT 1' 2>&1) && break
    sleep 0.05
  done
  [ "$told" = 1 ] || {
    printf '%s\n' 'PostgreSQL does not start again:' "$told" >&2
    exit 1
  }
fi
rm -rf "$originals"
