"""PostgreSQL, its one database, and the nightly dump."""

import shlex
from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.commands.files import put
from stack.commands.system import install
from stack.database.files import server, settings
from stack.database.observation import Cluster
from stack.database.scram import new_verifier
from stack.database.state import sockets
from stack.host.files import Declared
from stack.settings.database import PORT, Database

PSQL = r"""
cd /
sql() {
  PGOPTIONS='-c search_path=' \
    runuser -u postgres -- psql -XAtqw -p @port@ -d postgres -v ON_ERROR_STOP=1 "$@"
}
"""

# A locale of the C library's that no update of Debian's sorts anew.
CREATE_CLUSTER = r"""
clusters=$(pg_lsclusters -h)
case $clusters in
  '') ;;
  *' @port@ '*) exit 0 ;;
  *)
    printf '%s\n' 'PostgreSQL has no cluster on port @port@, only these:' "$clusters" >&2
    exit 1 ;;
esac
pg_createcluster --locale C.UTF-8 "$(ls /usr/lib/postgresql | sort -V | tail -n 1)" main > /dev/null
"""

LOAD = r"""
@psql@
version=$1 cluster=$2 file=$3 listen=$4 hba=$5; shift 5
wanted=$(printf '%s\n' "$@" | sort)
unit=postgresql@$version-$cluster folder=/etc/postgresql/$version/$cluster
failed() {
  echo "$1" >&2
  sql -F ' ' -c "SELECT sourcefile || ':' || sourceline, name, error FROM pg_file_settings
    WHERE error IS NOT NULL" >&2
  tail -n 15 "/var/log/postgresql/postgresql-$version-$cluster.log" >&2
  exit 1
}
until_so() {
  for try in $(seq 200); do eval "$1" && return; sleep 0.05; done
  return 1
}
loaded() { sql -c 'SELECT pg_conf_load_time()' 2>/dev/null; }
load() {
  before=$(loaded)
  systemctl reload "$unit"
  until_so '[ -n "$(loaded)" ] && [ "$(loaded)" != "$before" ]' ||
    failed 'PostgreSQL did not take its configuration:'
}
# What is said later, or by ALTER SYSTEM, would win over our file.
overridden() {
  sql -F "$(printf '\t')" -v file="$file" -f - <<'END'
SELECT theirs.sourceline, theirs.name, theirs.sourcefile
FROM pg_file_settings AS theirs JOIN pg_file_settings AS ours USING (name)
WHERE ours.sourcefile = :'file' AND theirs.seqno > ours.seqno
END
}
put_aside() {
  while IFS="$(printf '\t')" read -r line name path; do
    case $path in
      *.auto.conf) sql -c "ALTER SYSTEM RESET $name" ;;
      *) sed -i "${line}s/^/# Overrides the deployment: /" "$path" ;;
    esac
  done
}
listens() {
  cat /proc/net/tcp /proc/net/tcp6 |
    sed -n 's/^ *[0-9]*: \([0-9A-F]*\):@hex@ [0-9A-F:]* 0A .*/\1/p' | sort
}

[ "$(grep -v '^ *\(#\|$\)' "$folder/start.conf")" = auto ] || echo auto > "$folder/start.conf"
systemctl unmask -q postgresql "$unit" && systemctl daemon-reload || exit 1
systemctl enable -q postgresql || exit 1
find "$folder" -newerct now -exec chown -h --reference={} {} \;
if systemctl is-active -q "$unit"; then
  systemctl start postgresql
  load
else
  systemctl start postgresql "$unit"
  systemctl is-active -q "$unit" && until_so '[ -n "$(loaded)" ]' ||
    failed 'PostgreSQL does not start:'
fi
theirs=$(overridden)
if [ -n "$theirs" ]; then
  printf '%s\n' "$theirs" | put_aside
  load
fi
if [ "$(sql -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" != 0 ]; then
  systemctl restart "$unit"
  until_so '[ -n "$(loaded)" ]' || failed 'PostgreSQL does not start again:'
fi
[ "$(sql -c 'SHOW listen_addresses')" = "$listen" ] && [ "$(sql -c 'SHOW hba_file')" = "$hba" ] ||
  failed "Something else overrides $file."
# An address that was not there when it started is listened on after a restart only.
until_so '[ "$(listens)" = "$wanted" ]' || systemctl restart "$unit"
until_so '[ "$(listens)" = "$wanted" ]' ||
  failed "PostgreSQL cannot listen on $listen; is each of these an address of this host?"
"""

# The role is made last: one without its database tells that the database is gone.
DATABASE = r"""
@psql@
is() { [ "$(sql -v name="$1" -f - <<END
SELECT count(*) FROM $2
END
)" = 1 ]; }
if ! is "$1" "pg_database WHERE datname = :'name'"; then
  sql -v name="$1" -f - <<'END'
CREATE DATABASE :"name" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'
END
fi
verb=ALTER
is "$1" "pg_roles WHERE rolname = :'name'" || verb=CREATE
{ printf '\\set verb %s\n' "$verb"; cat; } | sql -v name="$1" -f -
"""

# Of a statement, PostgreSQL's log would show the verifier, and may be told to show every one.
ROLE = r"""SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
BEGIN;
:verb ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  VALID UNTIL 'infinity' PASSWORD '@verifier@';
ALTER DATABASE :"name" OWNER TO :"name";
COMMIT;
"""


def install_server() -> StringCommand:
    """Install PostgreSQL, which does not start before it is configured."""
    return install(["postgresql"], held=["postgresql"])


def create_cluster() -> StringCommand:
    """Make PostgreSQL's files, where installing it has not."""
    return StringCommand(shlex.join(["sh", "-ec", _script(CREATE_CLUSTER)]))


def load(database: Database, cluster: Cluster) -> StringCommand:
    """Have PostgreSQL run with the configuration that is on disk, and wait until it does."""
    values = settings(database, cluster)
    file = server(database, cluster)[0]
    words = [cluster.version, cluster.name, file.path, *values.values(), *sockets(database)]
    script = _script(LOAD).replace("@hex@", f"{PORT:04X}")
    return StringCommand(shlex.join(["sh", "-c", script, "sh", *words]))


def create(database: Database) -> StringCommand:
    """Have the database and its role, with its password.

    The password itself does not leave this machine: PostgreSQL gets a verifier of it.
    """
    verifier = new_verifier(database.password.get_secret_value())
    command = shlex.join(["sh", "-ec", _script(DATABASE), "sh", database.name])
    return StringCommand(command, _stdin=ROLE.replace("@verifier@", verifier))


def dump_nightly(name: str, files: Sequence[Declared]) -> list[StringCommand]:
    """Have a timer run the nightly dump.

    Args:
        name: the timer's, without its suffix.
        files: what is not in place yet.
    """
    timer = shlex.quote(f"{name}.timer")
    start = (
        f"systemctl unmask -q {timer} && systemctl daemon-reload && systemctl enable -q {timer} "
        f"&& systemctl restart {timer}"
    )
    return [*([put(files)] if files else []), StringCommand(start)]


def _script(text: str) -> str:
    return text.replace("@psql@", PSQL.strip()).replace("@port@", str(PORT))
