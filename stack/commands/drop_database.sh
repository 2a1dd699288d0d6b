# shellcheck shell=sh
# Drops the databases of a role, and the role, each database once a last dump of it is written, whose
# place is told.
#
# $1 the port, $2 the role.
# shellcheck disable=SC2034 # sql has it
port=$1
name=$2
cd /
umask 077
answer=$(sql -c 'SELECT 1' 2>&1) || {
  printf '%s\n' "PostgreSQL does not answer, so no last dump can be written: $answer" >&2
  exit 1
}
folder=/var/backups/$name-left-$(date -u +%Y%m%dT%H%M%SZ)
trap 'rm -f "$folder"/*.new; rmdir --ignore-fail-on-non-empty "$folder"' EXIT
mkdir -p "$folder"
sql -v name="$name" -f - > "$folder/list.new" <<'END'
SELECT datname FROM pg_database WHERE datname = :'name' OR pg_get_userbyid(datdba) = :'name'
END
while IFS= read -r database; do
  dump=$folder/$database.dump
  dump "$database" > "$dump.new"
  pg_restore --file=/dev/null "$dump.new" < /dev/null
  sync "$dump.new"
  mv "$dump.new" "$dump"
  echo "The last dump of the database $database: $dump"
done < "$folder/list.new"
while IFS= read -r database; do
  sql -v name="$database" -f - <<'END'
DROP DATABASE :"name" WITH (FORCE)
END
done < "$folder/list.new"
sql -v name="$name" -f - <<'END'
SET client_min_messages = warning;
DROP ROLE IF EXISTS :"name"
END
