# shellcheck shell=sh
# Drops the databases of a role, and the role, each database once a last dump of it is written,
# whose place is told. What the role has in others' databases goes too, once those are dumped.
#
# The role's sessions may hold locks and come again and again, and it may have made its database a
# template, or one that takes no connections: so the role is shut out before anything else.
#
# $1 the port, $2 the role.
# shellcheck disable=SC2034,SC2154 # sql.sh has it, roles.sh has $own
port=$1
name=$2
cd /
umask 077
answer=$(sql -c 'SELECT 1' 2>&1) || {
  printf '%s\n' "PostgreSQL does not answer, so no last dump can be written: $answer" >&2
  exit 1
}
say() {
  sql -v name="$name" -f - <<END
$1
END
}
# Where it is let do something, or owns it ('o'), the role cannot be dropped.
others="FROM pg_shdepend JOIN pg_database AS home ON home.oid = dbid
  WHERE refclassid = 'pg_authid'::regclass AND pg_get_userbyid(refobjid) = :'name' AND NOT ($own)"
shut_out "$name"
say "SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname)
FROM pg_database WHERE $own \\gexec"
drop_restorers "$name"

# Dumps of a try that did not come to its end are written anew, and do not pile up; those of other
# databases, which had the same names once, are not replaced.
these=$(say "SELECT system_identifier, oid, datname FROM pg_control_system(), pg_database
  WHERE $own ORDER BY oid")
folder=/var/backups/$name-left-$(date -u +%Y%m%dT%H%M%SZ)
for mark in "/var/backups/$name-left-"[0-9]*/.unfinished; do
  [ ! -f "$mark" ] || [ "$(cat "$mark")" != "$these" ] || folder=${mark%/*}
done
leave() {
  rm -f "$folder"/*.new
  set -- "$folder"/*.dump
  [ -e "$1" ] || rm -f "$folder/.unfinished"
  rmdir --ignore-fail-on-non-empty "$folder"
}
trap leave EXIT
mkdir -p "$folder"
printf '%s\n' "$these" > "$folder/.unfinished"
say "SELECT datname FROM pg_database WHERE $own" > "$folder/own.new"
say "SELECT DISTINCT datname $others" > "$folder/others.new"
{
  cat "$folder/own.new"
  say "SELECT DISTINCT datname $others AND deptype = 'o'"
} > "$folder/dumped.new"
while IFS= read -r database; do
  dump=$folder/$database.dump
  dump "$database" > "$dump.new"
  pg_restore --file=/dev/null "$dump.new" < /dev/null
  # Without an option the sync of Ubuntu 26.04 writes all that any file system has to write.
  sync -d "$dump.new"
  mv "$dump.new" "$dump"
  echo "The last dump of the database $database: $dump"
done < "$folder/dumped.new"
know_limits
# What it is let do with databases as such is nowhere else.
echo postgres >> "$folder/others.new"
while IFS= read -r database; do
  sql -d "$database" -v name="$name" -f - <<'END'
SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles WHERE rolname = :'name' \gexec
END
done < "$folder/others.new"
while IFS= read -r database; do
  drop_whole "$database"
done < "$folder/own.new"
sql -v name="$name" -f - <<'END'
DROP ROLE IF EXISTS :"name"
END
rm "$folder/.unfinished"
