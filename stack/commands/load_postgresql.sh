# shellcheck shell=sh
# Has PostgreSQL run with the configuration that is on disk, and waits until it does. Where it does
# not, that is told in its own words; so what fails before goes on until there.
#
# $1 the port, $2 the version and $3 the name of its cluster, $4 our file of settings, $5 and $6 the
# settings listen_addresses and hba_file in it, then the addresses that it is to listen at, as
# /proc/net/tcp has them.
port=$1 version=$2 cluster=$3 file=$4 listen=$5 hba=$6
shift 6
cd /
wanted=$(printf '%s\n' "$@" | sort)
hex=$(printf %04X "$port")
unit=postgresql@$version-$cluster folder=/etc/postgresql/$version/$cluster
failed() {
  echo "$1" >&2
  sql -F ' ' -c "SELECT sourcefile || ':' || sourceline, name, error FROM pg_file_settings
    WHERE error IS NOT NULL" >&2 || :
  tail -n 15 "/var/log/postgresql/postgresql-$version-$cluster.log" >&2 || :
  exit 1
}
until_so() {
  for _ in $(seq 200); do
    if "$@"; then return; fi
    sleep 0.05
  done
  return 1
}
loaded() { sql -c 'SELECT pg_conf_load_time()' 2>/dev/null; }
answers() { [ -n "$(loaded)" ]; }
has_loaded_again() {
  now=$(loaded)
  [ -n "$now" ] && [ "$now" != "$before" ]
}
load() {
  before=$(loaded) || :
  systemctl reload "$unit" || :
  until_so has_loaded_again || failed 'PostgreSQL did not take its configuration:'
}
# What is said later, or by ALTER SYSTEM, would win over our file.
overridden() {
  sql -F "$(printf '\t')" -v file="$file" -f - <<'END'
SELECT theirs.sourceline, theirs.name, theirs.sourcefile
FROM pg_file_settings AS theirs JOIN pg_file_settings AS ours USING (name)
WHERE ours.sourcefile = :'file' AND theirs.seqno > ours.seqno
END
}
silence() {
  while IFS="$(printf '\t')" read -r line name path; do
    case $path in
      *.auto.conf) sql -c "ALTER SYSTEM RESET $name" ;;
      *) sed -i "${line}s/^/# Overrides the deployment: /" "$path" ;;
    esac
  done
}
listens() {
  [ "$wanted" = "$(cat /proc/net/tcp /proc/net/tcp6 |
    sed -n "s/^ *[0-9]*: \([0-9A-F]*\):$hex [0-9A-F:]* 0A .*/\1/p" | sort)" ]
}

[ "$(grep -v '^ *\(#\|$\)' "$folder/start.conf")" = auto ] || echo auto > "$folder/start.conf"
systemctl unmask -q "$unit"
systemctl daemon-reload
at_boot postgresql
# A change that seems to lie in the future would look unloaded for ever.
find -H "$folder" -newerct now -exec chown -h --reference={} {} \;
if systemctl is-active -q "$unit"; then
  systemctl start postgresql || :
  load
else
  systemctl start postgresql "$unit" || :
  if ! systemctl is-active -q "$unit" || ! until_so answers; then
    failed 'PostgreSQL does not start:'
  fi
fi
theirs=$(overridden) || :
if [ -n "$theirs" ]; then
  printf '%s\n' "$theirs" | silence || :
  load
fi
if [ "$(sql -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" != 0 ]; then
  systemctl restart "$unit" || :
  until_so answers || failed 'PostgreSQL does not start again:'
fi
if [ "$(sql -c 'SHOW listen_addresses')" != "$listen" ] ||
  [ "$(sql -c 'SHOW hba_file')" != "$hba" ]; then
  failed "Something else overrides $file."
fi
# An address that was not there when it started is listened on after a restart only.
until_so listens || systemctl restart "$unit" || :
until_so listens ||
  failed "PostgreSQL cannot listen on $listen; is each of these an address of this host?"
