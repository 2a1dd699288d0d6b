"""What the project's role may do in PostgreSQL, or a superuser has done for it there, holds up none
of root's programs for long.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.controller import PASSWORD, Controller, Run
from tests.e2e.http import wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

HAVE = "Database | Have the database fooproject and its role"
DECLARED = "declared"
PSQL = "runuser -u {} -- psql -Xqd {}"
ASK = "cd /;" + PSQL.format("postgres", "fooproject -c 'SELECT 1'")
PROGRAM = "/usr/local/sbin/fooproject-dump-database"
FOLDERS = "find /var/backups -maxdepth 1 -name 'fooproject-left-*'"


@dataclass
class Server:
    """A host with a database that is deployed, and nothing else."""

    site: Controller
    host: Host

    def sql(self, statements: str, database: str = "fooproject", role: str = "fooproject") -> str:
        """What a role is told that logs in."""
        command = f"cd /; {PSQL.format(role, database)} -v ON_ERROR_STOP=1 -At"
        return self.host.enter(command, input=statements).stdout

    def hold(self, statements: str, database: str = "fooproject") -> None:
        """Leave a transaction of the role's open, for longer than a test."""
        said = f"BEGIN; {statements};\\echo held"
        psql = PSQL.format("fooproject", database)
        command = f"(printf '%s\n' {shlex.quote(said)}; sleep 1000) | {psql} > /root/held 2>&1"
        self.host.enter(f"rm -f /root/held; systemd-run -q sh -c {shlex.quote(command)}")
        wait_for("it is held", lambda: self.host.enter("cat /root/held || :").stdout == "held\n")

    def remove(self, check: bool = True) -> Run:
        return self.site.pyinfra("remove.py", "-y", "--data", "everything=True", check=check)


@pytest.fixture(scope="module")
def deployed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    host = lab.host("role", base="bare")
    site = Controller(tmp_path_factory.mktemp("role"), lab, [host])
    site.groups = {"db": [host]}
    site.data |= {"migrate": "once", "shared": [], "database_password": PASSWORD}
    site.apply()
    host.enter("useradd --no-create-home fooproject")
    server = Server(site, host)
    server.sql(
        """CREATE TABLE entry (n int); INSERT INTO entry VALUES (7);
        CREATE VIEW seen AS SELECT 1 AS n; CREATE SEQUENCE counted;"""
    )
    host.snapshot(DECLARED)
    yield server
    host.power_off()


@pytest.fixture
def server(deployed: Server) -> Server:
    deployed.host.reset(to=DECLARED)
    wait_for("it answers", lambda: bool(deployed.host.enter(ASK, check=False).stdout))
    return deployed


@pytest.mark.long
@pytest.mark.parametrize(
    "lock",
    [
        "LOCK TABLE entry IN ACCESS EXCLUSIVE MODE",
        "ALTER VIEW seen RENAME TO hidden",
        "ALTER SEQUENCE counted RENAME TO uncounted",
    ],
)
def test_a_lock_ends_a_dump_which_names_who_holds_it(server: Server, lock: str) -> None:
    site, host = server.site, server.host
    host.enter(f"sed -i s/=600/=3/ {PROGRAM}; {PROGRAM}")
    server.hold(lock)
    assert host.enter("systemctl start fooproject-dump", check=False).returncode != 0
    told = host.enter("journalctl -u fooproject-dump").stdout
    assert re.search(r"process \d+, of fooproject in fooproject, from this host, since", told)
    assert "pg_terminate_backend" in told
    status = site.pyinfra("status.py")
    assert "failed   the last dump: exit-code" in status.stdout
    # A whole one is there still, and nothing else.
    [dump] = host.enter("ls -A /var/backups/fooproject | grep -v lock").stdout.split()
    assert "nightly-" in dump
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
        " AND pid != pg_backend_pid()"
    )
    host.enter("systemctl start fooproject-dump")
    assert "failed" not in site.pyinfra("status.py").stdout


@pytest.mark.long
def test_a_lock_of_the_role_itself_ends_a_run_which_names_who_holds_it(server: Server) -> None:
    server.sql("ALTER ROLE fooproject PASSWORD 'other'")
    server.hold("ALTER ROLE fooproject PASSWORD 'another'")
    assert server.site.plan() == [HAVE]
    refused = server.site.apply(check=False)
    assert refused.returncode != 0
    assert "canceling statement due to lock timeout" in refused.output
    assert "of fooproject in fooproject, from this host, since" in refused.output
    assert server.host.enter("pgrep -x psql | wc -l").stdout == "1\n"  # the holder's
    server.host.enter("pkill -x psql")
    assert server.site.apply().changed == [HAVE]


SETTINGS = """
ALTER DATABASE fooproject SET statement_timeout = 1;
ALTER DATABASE fooproject SET lock_timeout = 1;
ALTER DATABASE fooproject SET idle_session_timeout = 1;
ALTER DATABASE fooproject SET default_transaction_read_only = on;
ALTER DATABASE fooproject SET role = 'fooproject';
ALTER DATABASE fooproject SET search_path = nowhere;
ALTER DATABASE fooproject SET client_min_messages = 'debug5';
ALTER DATABASE fooproject SET local_preload_libraries = 'nothere';
"""


@pytest.mark.long
def test_settings_of_its_own_hold_up_no_dump(server: Server) -> None:
    server.sql(SETTINGS)
    server.host.enter("systemctl start fooproject-dump")
    server.host.enter("fooproject-restore-database /var/backups/fooproject/*.dump")
    assert server.sql("SELECT n FROM entry") == "7\n"


RESTORE = "fooproject-restore-database /var/backups/fooproject/*.dump"
ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'foo%' ORDER BY 1"
LETS_ITS_SUCCESSOR = """
while :; do
  psql -XAtqd fooproject -c "SELECT rolname FROM pg_roles WHERE rolname LIKE '%restorer%'" |
    while read -r role; do
      echo "BEGIN; GRANT SELECT ON entry TO \\"$role\\"; SELECT pg_sleep(0.2); COMMIT" |
        psql -Xqd fooproject
    done
done
"""


@pytest.mark.long
def test_what_it_lets_the_role_of_a_restore_do_is_in_the_way_of_nothing(server: Server) -> None:
    host = server.host
    host.enter("systemctl start fooproject-dump")
    host.enter(f"systemd-run -q -u lets -p User=fooproject sh -c {shlex.quote(LETS_ITS_SUCCESSOR)}")
    for _ in range(2):
        host.enter(RESTORE)
        assert server.sql(ROLES, "postgres", "postgres") == "fooproject\n"
    host.enter("systemctl stop lets")
    assert server.sql("SELECT n FROM entry") == "7\n"
    assert server.site.plan() == []


HOLDS_A_RESTORE = """
CREATE FUNCTION waits(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
  IF session_user LIKE 'fooproject-restorer-%' THEN PERFORM pg_catalog.pg_sleep(300); END IF;
  RETURN n;
END $$;
CREATE INDEX ON entry (waits(n));
"""
SLEEPS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
HBA = "cat /etc/postgresql/*/main/pg_hba.conf"


def hold_a_restore(server: Server) -> None:
    """Begin a restore that does not end by itself."""
    server.sql(HOLDS_A_RESTORE)
    server.host.enter("systemctl start fooproject-dump")
    server.host.enter(f"systemd-run -q -u restore sh -c {shlex.quote(RESTORE)}")
    wait_for("it restores", lambda: server.sql(SLEEPS, "postgres", "postgres") == "1\n")


@pytest.mark.long
def test_a_restore_and_a_run_do_not_meet(server: Server) -> None:
    site, host = server.site, server.host
    before = host.enter(HBA).stdout
    hold_a_restore(server)
    assert host.enter(HBA).stdout == before
    refused = site.apply(check=False)
    told = " ".join(refused.output.split())
    assert refused.returncode == 1
    assert "role is being deployed to by fooproject-restore-database on this host, since 20" in told
    assert "Traceback" not in told
    second = f"systemd-run -q -u second sh -c {shlex.quote(RESTORE + ' 2> /root/told')}"
    host.enter(second)
    waits = "Waits for fooproject-restore-database on this host, since 20"
    wait_for("it waits", lambda: waits in host.enter("cat /root/told || :").stdout)
    host.enter("systemctl stop second; systemctl stop restore")
    assert server.sql(ROLES, "postgres", "postgres") == "fooproject\n"
    assert host.enter("ls -d /tmp/tmp.*", check=False).stdout == ""
    assert site.plan() == []


@pytest.mark.long
def test_what_is_left_of_a_restore_that_was_killed_goes_with_the_project(server: Server) -> None:
    host = server.host
    hold_a_restore(server)
    host.enter("systemctl kill -s KILL restore")
    assert server.site.plan() == []
    [left] = re.findall(r"fooproject-restorer-\S+", server.sql(ROLES, "postgres", "postgres"))
    server.sql(f'GRANT SELECT ON entry TO "{left}"')
    server.sql(f'SELECT lo_create(7); GRANT SELECT ON LARGE OBJECT 7 TO "{left}"', "postgres")
    # As one of an earlier version has it.
    server.sql('CREATE ROLE "fooproject-restorer" LOGIN IN ROLE fooproject', role="postgres")
    server.sql('GRANT SELECT ON entry TO "fooproject-restorer"')
    server.remove()
    assert server.sql(ROLES, "postgres", "postgres") == ""


BY_A_SUPERUSER = """
CREATE SCHEMA monitoring; COMMENT ON SCHEMA monitoring IS 'it''s';
CREATE EXTENSION pg_stat_statements SCHEMA monitoring;
GRANT USAGE ON SCHEMA monitoring TO fooproject;
REVOKE SELECT ON monitoring.pg_stat_statements FROM PUBLIC;
GRANT SELECT ON monitoring.pg_stat_statements TO fooproject;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO fooproject;
CREATE EXTENSION postgres_fdw;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO fooproject;
"""
WITH_ITS_HELP = """
CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw;
CREATE VIEW statements AS SELECT queryid FROM monitoring.pg_stat_statements;
CREATE FUNCTION seven() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN 7; END$$;
"""
CONTENT = "cd /; runuser -u postgres -- pg_dump fooproject | grep -v restrict"


def test_what_a_superuser_has_made_and_granted_is_there_after_a_restore(server: Server) -> None:
    host = server.host
    server.sql(BY_A_SUPERUSER, role="postgres")
    server.sql(WITH_ITS_HELP)
    before = host.enter(CONTENT).stdout
    host.enter("systemctl start fooproject-dump")
    host.enter(RESTORE)
    assert host.enter(CONTENT).stdout == before


def test_a_restore_that_lacks_a_right_says_what_to_do(server: Server) -> None:
    host = server.host
    server.sql(BY_A_SUPERUSER, role="postgres")
    server.sql("GRANT CREATE ON SCHEMA monitoring TO fooproject", role="postgres")
    server.sql("CREATE TABLE monitoring.mine (n int); INSERT INTO monitoring.mine VALUES (8)")
    host.enter("systemctl start fooproject-dump")
    server.sql("REVOKE CREATE ON SCHEMA monitoring FROM fooproject", role="postgres")
    refused = host.enter(RESTORE, check=False)
    assert refused.returncode == 1
    assert "permission denied for schema monitoring" in refused.stderr
    told = refused.stderr.splitlines()[-1]
    assert told.startswith("Nothing has changed. What fooproject may not do there, let it do as a")
    server.sql("GRANT CREATE ON SCHEMA monitoring TO fooproject", role="postgres")
    host.enter(RESTORE)
    assert server.sql("SELECT n FROM monitoring.mine") == "8\n"


@pytest.mark.long
def test_a_database_that_takes_no_connections_is_told_and_opened(server: Server) -> None:
    site, host = server.site, server.host
    server.sql("ALTER DATABASE fooproject IS_TEMPLATE true", database="postgres")
    server.sql("ALTER DATABASE fooproject ALLOW_CONNECTIONS false", database="postgres")
    assert host.enter("systemctl start fooproject-dump", check=False).returncode != 0
    assert json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["role"]["failed_dump"]
    assert site.plan() == [HAVE]
    assert site.apply().changed == [HAVE]
    assert site.plan() == []
    host.enter("systemctl start fooproject-dump")


COMES_BACK = """
while :; do
  { echo "BEGIN; ALTER ROLE fooproject PASSWORD 'x';"; sleep 0.5; } |
    runuser -u fooproject -- psql -Xqd postgres
done
"""


@pytest.mark.long
def test_it_does_not_keep_itself_from_being_removed(server: Server) -> None:
    host = server.host
    server.hold("LOCK TABLE entry; ALTER ROLE fooproject PASSWORD 'x'")
    server.sql(SETTINGS)
    server.sql("SELECT lo_create(0)", database="postgres")
    server.sql("ALTER DATABASE fooproject IS_TEMPLATE true", database="postgres")
    server.sql("ALTER DATABASE fooproject ALLOW_CONNECTIONS false", database="postgres")
    host.enter(f"systemd-run -q sh -c {shlex.quote(COMES_BACK)}")
    done = server.remove()
    [dump] = re.findall(r"The last dump of the database fooproject: (\S+)", done.output)
    assert "7" in host.enter(f"pg_restore --data-only --table=entry --file=- {dump}").stdout
    assert host.enter(f"ls -A {dump.rpartition('/')[0]}").stdout.split() == [
        "fooproject.dump",
        "postgres.dump",
    ]
    left = "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles"
    assert "fooproject" not in server.sql(left, "postgres", "postgres")


@pytest.mark.long
def test_tries_to_remove_it_leave_one_dump(server: Server) -> None:
    host = server.host
    server.sql("CREATE DATABASE others", role="postgres")
    server.sql("GRANT CREATE ON DATABASE others TO fooproject", role="postgres")
    server.sql("CREATE SCHEMA mine CREATE TABLE mine (n int)", database="others")
    server.sql("ALTER DATABASE others ALLOW_CONNECTIONS false", role="postgres")
    for _ in range(2):
        failed = server.remove(check=False)
        assert 'database "others" is not currently accepting connections' in failed.output
        [folder] = host.enter(FOLDERS).stdout.split()
    server.sql("ALTER DATABASE others ALLOW_CONNECTIONS true", role="postgres")
    server.remove()
    assert host.enter(FOLDERS).stdout.split() == [folder]
    assert host.enter(f"ls -A {folder}").stdout.split() == ["fooproject.dump", "others.dump"]
