# shellcheck shell=sh
# Tells what the host of a database is like, and changes nothing. Records as host_state.sh has them.
# A verifier of a password is a secret too: a digest is told of it.
#
# $1 the name of the database and of its role, $2 the port, $3 the name of the dump's units without
# suffix, $4 the folder of the dumps, $5 that of what was in our files' places, then paths of root's.
name=$1 port=$2 timer=$3 dumps=$4 originals=$5
shift 5
# What is not there, or cannot be read, is left out.
set +e
export LC_ALL=C
cd / || exit
hex=$(printf %04X "$port")
tab=$(printf '\t')
# shellcheck disable=SC2016 # dpkg-query's variables
dpkg-query -W -f 'package\t${Package}\t${db:Status-Status}\n' postgresql 2>/dev/null
units() {
  systemctl show "$@" 2>/dev/null \
    -p Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload,DropInPaths,Result |
    sed 's/^/unit\t/'
  printf 'unit\t\n'
}
said() { sed -n "s/^ *$1 *=\{0,1\} *'\{0,1\}\([^' #$tab]*\).*/\1/p" "$2" | tail -n 1; }
entries "$@"
units postgresql.service "$timer.timer" "$timer.service"
# Which projects have left their databases here: by the folders of their dumps.
find /var/backups -mindepth 1 -maxdepth 1 -type d -uid 0 -perm 700 -printf 'left\t%f\n' 2>/dev/null
find "$dumps" -maxdepth 1 -name '*.dump' -printf 'dump\t%T@\t%f\n' 2>/dev/null | sort -t "$tab" -k2
sed -n "s/^ *[0-9]*: \([0-9A-F]*\):$hex [0-9A-F:]* 0A .*/socket\t\1/p" /proc/net/tcp /proc/net/tcp6
for folder in /etc/postgresql/*/*; do
  [ "$(said port "$folder/postgresql.conf" 2>/dev/null)" = "$port" ] || continue
  cluster=${folder##*/} version=${folder%/*}
  version=${version##*/}
  data=$(said data_directory "$folder/postgresql.conf")
  # PostgreSQL numbers what it does not make by itself from here on.
  used=
  for path in "$data/base"/*; do
    case ${path##*/} in *[!0-9]*) ;; *) [ "${path##*/}" -lt 16384 ] || used=used ;; esac
  done
  printf 'cluster\t%s\t%s\t%s\t%s\t%s\n' "$version" "$cluster" \
    "$(sed 's/#.*//; s/ *$//; /^$/d' "$folder/start.conf" 2>/dev/null | head -n 1)" \
    "$({ set -- "$folder/postgresql.conf" "$folder/conf.d" "$folder/pg_hba.conf" \
      "$folder/pg_ident.conf"
      find "$@" -printf '%C@\n'
      # What a link leads to changes without it; should that be in the future, the clock was set back.
      find -L "$@" -maxdepth 1 ! -newerct now -printf '%C@\n'
      find "$data/postgresql.auto.conf" -printf '%T@\n'; } 2>/dev/null | sort -g | tail -n 1)" \
    "$used"
  entries "$folder/conf.d/$name.conf" "$folder/pg_hba.conf" \
    "$originals$folder/pg_hba.conf"
  sed -n "s/^host \"$name\" \"$name\" \([^ /]*\)\/[0-9]* scram-sha-256\$/client\t\1/p" \
    "$folder/pg_hba.conf" 2>/dev/null
  # Options stand behind the first four words, and may be secret.
  sed -nE "s/#.*//; s/[[:space:]]+/ /g; s/^ //; s/ \$//; /./s/^/rule\t/p" \
    "$folder/pg_hba.conf" 2>/dev/null | cut -d ' ' -f -5
  unit=postgresql@$version-$cluster.service
  units "$unit"
  systemctl is-active -q "$unit" || break
  PGCONNECT_TIMEOUT=5 sql -F "$tab" -v name="$name" -f - 2>/dev/null <<'END'
SELECT 'answer', extract(epoch FROM pg_conf_load_time()),
  (SELECT count(*) FROM pg_settings WHERE pending_restart);
SELECT 'setting', name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'hba_file');
SELECT 'role', rolcanlogin AND coalesce(rolvaliduntil, 'infinity') = 'infinity'
    AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls),
  split_part(rolpassword, '$', 2),
  left(encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'), 16)
FROM pg_authid WHERE rolname = :'name';
SELECT 'owner', pg_get_userbyid(datdba), datallowconn AND NOT datistemplate
FROM pg_database WHERE datname = :'name';
SELECT 'database', translate(datname, E'\t\n\r', '???'), pg_get_userbyid(datdba)
FROM pg_database WHERE datname NOT IN ('template0', 'template1', 'postgres', :'name');
SELECT 'login', translate(rolname, E'\t\n\r', '???')
FROM pg_roles WHERE rolcanlogin AND rolname NOT IN ('postgres', :'name');
END
  break
done
printf 'now\t%s\n' "$(date +%s.%N)"
exit 0
