# shellcheck shell=sh
# Has the database and its role, with its password. The role is made last: one without its database
# tells that the database is gone.
#
# $1 the port, $2 the name of both. A verifier of the password comes on standard input.
# shellcheck disable=SC2034 # sql has it
port=$1
name=$2
cd /
IFS= read -r verifier
is() {
  [ "$(sql -v name="$name" -f - <<END
SELECT count(*) FROM $1
END
)" = 1 ]
}
if ! is "pg_database WHERE datname = :'name'"; then
  sql -v name="$name" -f - <<'END'
CREATE DATABASE :"name" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'
END
fi
verb=ALTER
is "pg_roles WHERE rolname = :'name'" || verb=CREATE
# Of a statement, PostgreSQL's log would show the verifier, and may be told to show every one.
{
  printf '%s\n' "\\set verb $verb" "\\set verifier '$verifier'"
  cat <<'END'
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
BEGIN;
:verb ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  VALID UNTIL 'infinity' PASSWORD :'verifier';
ALTER DATABASE :"name" OWNER TO :"name";
ALTER DATABASE :"name" ALLOW_CONNECTIONS true IS_TEMPLATE false;
COMMIT;
END
} | sql -v name="$name" -f -
