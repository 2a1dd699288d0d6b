"""The group `db`: PostgreSQL for the app hosts, seen from outside and by plain commands."""

import base64
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.e2e.controller import PASSWORD, Controller, Run
from tests.e2e.cutting import CUTTERS, cut_run
from tests.e2e.http import get, post, wait_for
from tests.e2e.systems import host_of
from tests.e2e.test_environment import Arguments, decoded
from tests.e2e.untouched import Untouched
from tests.lab import Host, Lab
from tests.lab.systems import SYSTEMS, System

pytestmark = pytest.mark.e2e

INSTALL = "Database | Install postgresql"
LET_IN = "Database | Let in *"
RUN = "Database | Run PostgreSQL with its configuration"
DUMP = "Database | Dump fooproject every night, and keep 14"
HAVE = "Database | Have the database fooproject and its role"
ALL = [INSTALL, LET_IN, RUN, DUMP, HAVE]
DECLARED = "declared"
"""The snapshot of a host that is as declared."""


def kinds(operations: list[str]) -> list[str]:
    return [re.sub(r"(?<=Let in ).*", "*", name) for name in operations]


def of_database(operations: list[str]) -> list[str]:
    return [name for name in kinds(operations) if name.startswith("Database")]


def sql(db: Host, statement: str, database: str = "fooproject") -> list[str]:
    command = f"cd /; runuser -u postgres -- psql -XAtq -d {database} -f -"
    return db.enter(command, input=statement).stdout.splitlines()


def sign(host: Host, text: str) -> None:
    """Leave an entry in the site's guest book."""
    entry = json.dumps({"token": text, "text": text}).encode()
    assert post(host, "/api/entries", entry, Content_Type="application/json").status == 201


# What PostgreSQL says to a client at a given place: its first answer to the first message.
ASK = textwrap.dedent("""\
    import socket, struct, sys
    pairs = b"user\\0fooproject\\0database\\0fooproject\\0\\0"
    with socket.create_connection((sys.argv[1], 5432), 10) as connection:
        connection.sendall(struct.pack("!ii", 8 + len(pairs), 196608) + pairs)
        print(connection.recv(1000).decode("latin-1").replace(chr(0), " "))
""")


@dataclass
class Deployment:
    site: Controller
    db: Host
    apps: list[Host]
    planned: list[str]
    applied: Run
    dry: list[Run]
    arguments: Arguments = field(repr=False)


@pytest.fixture(scope="module")
def deployment(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Two app hosts and, first in the inventory, a bare host for their database."""
    db, apps = lab.host("db", base="bare"), lab.hosts(2, prefix="shop")
    site = Controller(tmp_path_factory.mktemp("database"), lab, [db, *apps])
    site.groups = {"db": [db], "app": apps}
    site.use_database()
    planned = site.plan()
    arguments = Arguments()
    with arguments.sampled():
        dry = [
            site.pyinfra("deploy.py", "--dry", "--diff", "-vvv"),
            site.pyinfra("deploy.py", "--dry", "--debug"),
        ]
        applied = site.apply("--diff", "-vvv")
        dry += [
            site.pyinfra("deploy.py", "--dry", "--diff", "-vvv"),
            site.pyinfra("deploy.py", "--dry", "--json"),
        ]
    db.snapshot(DECLARED)
    yield Deployment(site, db, apps, planned, applied, dry, arguments)
    for host in (db, *apps):
        host.power_off()


@pytest.fixture
def declared(deployment: Deployment) -> Deployment:
    """The same with the database's host as freshly deployed."""
    deployment.db.reset(to=DECLARED)
    for app in deployment.apps:
        wait_for("the site is up", lambda app=app: get(app).status == 200)  # type: ignore[misc]
    return deployment


# As declared


def test_what_is_planned_is_what_changes(deployment: Deployment) -> None:
    assert of_database(deployment.planned) == ALL
    # What hosts do beside each other has no order.
    assert sorted(deployment.applied.changed) == sorted(deployment.planned)
    # All of it is there before the app hosts are touched.
    assert kinds(deployment.planned)[: len(ALL)] == ALL
    assert deployment.dry[-1].planned == []


def test_the_app_hosts_share_it(deployment: Deployment) -> None:
    first, second = deployment.apps
    sign(first, "Edith")
    assert "Edith" in get(second).text
    assert sql(deployment.db, "SELECT text FROM guestbook_entry") == ["Edith"]
    assert [get(app, "/health").status for app in deployment.apps] == [200, 200]


def test_a_host_for_the_database_is_no_app_host(deployment: Deployment) -> None:
    told = deployment.db.enter(
        "id fooproject; ls -d /home/fooproject /etc/nginx /etc/supervisor /var/log/fooproject",
        check=False,
    )
    assert told.stdout == ""
    for app in deployment.apps:
        assert app.enter("ls /usr/lib/postgresql", check=False).returncode != 0


def test_only_app_hosts_are_let_in(deployment: Deployment) -> None:
    ask = [sys.executable, "-c", ASK, deployment.db.address]
    refused = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
    assert "no pg_hba.conf entry for host" in refused
    for app in deployment.apps:
        asked = app.enter(f"python3 - {deployment.db.address}", input=ASK).stdout
        assert "SCRAM-SHA-256" in asked
    listening = deployment.db.enter("ss -Hltn 'sport = :5432'").stdout.splitlines()
    addresses = sorted(line.split()[3] for line in listening)
    assert addresses == sorted([f"{deployment.db.address}:5432", "127.0.0.1:5432"])


def test_another_password_is_refused(deployment: Deployment) -> None:
    [app, _] = deployment.apps
    live = "/home/fooproject/fooproject"
    code = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'].replace('wombat', 'x'))"
    tried = app.enter(
        f"runuser -u fooproject -- {live}/with-env python -c {code!r}", user="root", check=False
    )
    assert 'password authentication failed for user "fooproject"' in tried.stderr


def test_it_is_back_after_a_boot(declared: Deployment) -> None:
    declared.db.reboot()
    wait_for("the site is up", lambda: get(declared.apps[0]).status == 200)
    assert declared.site.plan() == []


def test_status_tells_of_it(deployment: Deployment) -> None:
    told = deployment.site.pyinfra("status.py").stdout
    assert re.search(r"^db\n    database ok\n    dumps    none\n    drift    none$", told, re.M)
    assert re.search(r"^shop1\n    live .*\n    health   ok", told, re.M)


# Secrets


def test_no_output_shows_the_password(deployment: Deployment) -> None:
    for run in (*deployment.dry, deployment.applied):
        output = run.stdout + run.output
        for text in (output, *decoded(output)):
            assert "wombat" not in text
            assert "SCRAM-SHA-256$" not in text
    assert "export DATABASE_URL=*MASKED*" in deployment.dry[0].output
    assert "scram-sha-256" in deployment.dry[0].output


def test_no_process_has_it_in_its_arguments(deployment: Deployment) -> None:
    seen = deployment.arguments.seen
    encoded = base64.b64encode(PASSWORD.encode())[4:-4]
    assert deployment.arguments.sweeps > 100
    assert any(b"psql" in one for one in seen)
    assert [one for one in seen if b"wombat" in one or encoded in one] == []


def test_a_talkative_server_logs_neither_it_nor_what_it_is_checked_by(
    declared: Deployment,
) -> None:
    declared.db.enter(
        "cd /etc/postgresql/*/main && echo \"log_statement = 'all'\" >> postgresql.conf"
        " && systemctl reload postgresql"
    )
    sql(declared.db, "DROP OWNED BY fooproject; ALTER ROLE fooproject PASSWORD NULL", "postgres")
    declared.site.apply()
    log = declared.db.enter("cat /var/log/postgresql/*; journalctl --output=verbose").stdout
    assert "pg_conf_load_time" in log
    assert "wombat" not in log
    assert "SCRAM-SHA-256$" not in log
    # The journal has each command with its arguments: this one must not find itself.
    looked = "grep -rl 'womba[t]' /etc /var /run /tmp /root /usr/local"
    held = declared.db.enter(looked, check=False)
    assert held.stdout == ""


# Drift


@dataclass(frozen=True)
class Drift:
    """What somebody does on the host, as root, and what puts it right."""

    name: str
    script: str
    repaired_by: list[str]


PRELUDE = """
set -e
cd /
pg() { runuser -u postgres -- psql -XAtq "$@"; }
folder=$(echo /etc/postgresql/*/main) hba=$(echo /etc/postgresql/*/main/pg_hba.conf)
other=/var/lib/postgresql/hba.conf
unit=$(systemctl list-units --plain --no-legend 'postgresql@*' | cut -d' ' -f1)
"""
DRIFTS = [
    Drift("password changed", "pg -c \"ALTER ROLE fooproject PASSWORD 'x'\"", [HAVE]),
    Drift(
        "pg_hba.conf edited", "echo host all all all trust >> $folder/pg_hba.conf", [LET_IN, RUN]
    ),
    Drift(
        "a setting that nobody has loaded", "echo work_mem=8MB >> $folder/postgresql.conf", [RUN]
    ),
    Drift("stopped and disabled", "systemctl disable -q postgresql; systemctl stop $unit", [RUN]),
]
MORE_DRIFTS = [
    Drift("password taken away", "pg -c 'ALTER ROLE fooproject PASSWORD NULL'", [HAVE]),
    Drift("role given rights", "pg -c 'ALTER ROLE fooproject SUPERUSER'", [HAVE]),
    Drift("role kept out", "pg -c 'ALTER ROLE fooproject NOLOGIN'", [HAVE]),
    Drift("database given away", "pg -c 'ALTER DATABASE fooproject OWNER TO postgres'", [HAVE]),
    Drift(
        "pg_hba.conf edited and loaded",
        "echo local all all reject > $folder/pg_hba.conf; systemctl reload $unit",
        [LET_IN, RUN],
    ),
    Drift("our file of settings removed", "rm $folder/conf.d/fooproject.conf", [LET_IN, RUN]),
    Drift(
        "listening everywhere by ALTER SYSTEM",
        "pg -c \"ALTER SYSTEM SET listen_addresses = '*'\"; systemctl restart $unit",
        [RUN],
    ),
    Drift(
        "listening everywhere by postgresql.conf",
        "echo \"listen_addresses = '*'\" >> $folder/postgresql.conf; systemctl restart $unit",
        [RUN],
    ),
    Drift(
        "another pg_hba.conf",
        "cp $hba $other; echo \"hba_file = '$other'\" > $folder/conf.d/x.conf;"
        "systemctl restart $unit",
        [RUN],
    ),
    Drift(
        "a setting that needs a restart",
        "echo max_connections=50 >> $folder/postgresql.conf; systemctl reload $unit",
        [RUN],
    ),
    Drift("killed", "pkill -KILL -x postgres", [RUN]),
    Drift("masked", "systemctl mask -q --now $unit", [RUN]),
    Drift("not to start by itself", "echo manual > $folder/start.conf", [RUN]),
    Drift(
        "started without waiting for the network",
        "rm -r /etc/systemd/system/postgresql@.service.d; systemctl daemon-reload",
        [LET_IN, RUN],
    ),
    Drift("timer stopped", "systemctl stop fooproject-dump.timer", [DUMP]),
    Drift("timer disabled", "systemctl disable -q fooproject-dump.timer", [DUMP]),
    Drift("dump edited", "echo exit >> /usr/local/sbin/fooproject-dump-database", [DUMP]),
    Drift("dumps for all to read", "chmod 755 /var/backups/fooproject", [DUMP]),
    Drift(
        "everything",
        "apt-get purge -qy 'postgresql*' > /dev/null 2>&1; rm -rf /etc/postgresql "
        "/var/lib/postgresql /var/backups/fooproject /usr/local/sbin/*",
        ALL,
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(
    "drift",
    [*DRIFTS, *(pytest.param(drift, marks=pytest.mark.matrix) for drift in MORE_DRIFTS)],
    ids=lambda drift: drift.name,
)
def test_a_drift_is_planned_exactly_and_put_right(declared: Deployment, drift: Drift) -> None:
    site, db = declared.site, declared.db
    db.enter(PRELUDE + drift.script, timeout=200)
    with Untouched(db):
        planned = site.plan()
    assert kinds(planned) == drift.repaired_by
    assert site.apply().changed == planned
    assert site.plan() == []


@pytest.fixture(scope="module")
def bare(lab: Lab) -> Iterator[Host]:
    """A host for a database and nothing else, in whatever state the test before has left it."""
    host = lab.host("unmade", base="bare")
    yield host
    host.power_off()


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (INSTALL, 2.0),
        *((operation, 0.3) for operation in ALL),
        *((operation, None) for operation in ALL),
    ],
)
def test_a_run_that_was_cut_is_completed(
    bare: Host, controller: Callable[..., Controller], operation: str, after: float | None
) -> None:
    bare.reset()
    site = controller(bare)
    site.groups = {"db": [bare]}
    site.use_database()
    [name] = [name for name in site.plan() if kinds([name]) == [operation]]
    assert cut_run(site, CUTTERS["pyinfra killed"], name, after)
    # The command that was under way ends by itself.
    bare.enter("flock /run/django-stack/fooproject-command true", timeout=120)
    planned = site.plan()
    assert site.apply().changed == planned
    assert site.plan() == []
    assert sql(bare, "SELECT 1") == ["1"]


# Dump and restore


def dumps(db: Host) -> list[str]:
    return db.enter("ls /var/backups/fooproject").stdout.split()


def test_data_that_is_gone_comes_back_from_a_dump(declared: Deployment) -> None:
    db, app = declared.db, declared.apps[0]
    sign(app, "Edith")
    old = [f"nightly-200001{day:02}T030000Z.dump" for day in range(1, 21)]
    db.enter(f"cd /var/backups/fooproject && touch {' '.join(old)}")
    db.enter("systemctl start fooproject-dump")
    *kept, dump = dumps(db)
    assert kept == old[-13:]
    assert db.enter(f"stat -c '%U %a' /var/backups/fooproject/{dump}").stdout == "root 600\n"
    sign(app, "Wilma")
    sql(db, "DELETE FROM guestbook_entry WHERE text = 'Edith'")
    assert "Edith" not in get(app).text
    told = db.enter(f"cd /var/backups/fooproject && fooproject-restore-database {dump}").stdout
    page = get(app).text
    assert "Edith" in page
    assert "Wilma" not in page
    assert declared.site.plan() == []
    # What was there is kept.
    before = re.search(r"dropdb (\S+)", told)
    assert before
    assert sql(db, "SELECT text FROM guestbook_entry", before[1]) == ["Wilma"]


def test_a_dump_that_is_damaged_changes_nothing(declared: Deployment) -> None:
    db, app = declared.db, declared.apps[0]
    sign(app, "Edith")
    db.enter("fooproject-dump-database")
    [dump] = dumps(db)
    db.enter(f"head -c -100 /var/backups/fooproject/{dump} > /root/half.dump")
    assert db.enter("fooproject-restore-database /root/half.dump", check=False).returncode != 0
    assert "Edith" in get(app).text
    assert sql(db, "SELECT count(*) FROM pg_database WHERE datname LIKE 'foo%'") == ["1"]


def test_a_dump_has_what_others_made_in_the_database(declared: Deployment) -> None:
    db = declared.db
    sql(db, "CREATE TABLE theirs (n int); INSERT INTO theirs VALUES (7)")
    sql(db, "GRANT SELECT ON theirs TO fooproject; CREATE EXTENSION pg_stat_statements")
    sql(db, "CREATE SCHEMA apart; CREATE EXTENSION citext SCHEMA apart")
    sql(db, "CREATE TABLE words (word apart.citext); INSERT INTO words VALUES ('Edith')")
    db.enter("fooproject-dump-database")
    sql(db, "DROP TABLE theirs, words")
    db.enter("fooproject-restore-database /var/backups/fooproject/*.dump")
    assert sql(db, "SELECT n FROM theirs") == ["7"]
    assert sql(db, "SELECT word FROM words") == ["Edith"]
    extensions = "SELECT extname FROM pg_extension WHERE extname != 'plpgsql' ORDER BY 1"
    assert sql(db, extensions) == ["citext", "pg_stat_statements"]
    assert sql(db, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == [
        "fooproject"
    ]


@pytest.mark.parametrize("signal", ["TERM", "HUP"])
def test_a_restore_that_is_ended_leaves_nothing(declared: Deployment, signal: str) -> None:
    db, app = declared.db, declared.apps[0]
    sign(app, "Edith")
    sql(
        db,
        """SET ROLE fooproject;
        CREATE TABLE slow (n int);
        INSERT INTO slow VALUES (1);
        CREATE FUNCTION waits(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN
          IF session_user ~ '^fooproject-restorer-' THEN PERFORM pg_catalog.pg_sleep(300); END IF;
          RETURN n;
        END $$;
        CREATE INDEX ON slow (waits(n));""",
    )
    db.enter("fooproject-dump-database")
    db.enter(
        f"timeout -s {signal} 3 fooproject-restore-database /var/backups/fooproject/*.dump",
        check=False,
    )
    names = (
        "SELECT datname FROM pg_database WHERE datname LIKE 'foo%' "
        "UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'foo%'"
    )
    assert sql(db, names) == ["fooproject"]
    assert "Edith" in get(app).text
    assert declared.site.plan() == []


def test_a_database_that_is_gone_is_not_made_again_empty(declared: Deployment) -> None:
    site, db, app = declared.site, declared.db, declared.apps[0]
    sign(app, "Edith")
    db.enter("fooproject-dump-database")
    [dump] = dumps(db)
    db.enter("cd /; runuser -u postgres -- dropdb --force fooproject")
    planned = site.pyinfra("deploy.py", "--dry", "--json")
    assert kinds(planned.planned) == [HAVE]
    assert "This will fail: The database fooproject is gone from db. Restore" in planned.output
    assert "This will fail: " in site.pyinfra("drift.py", check=False).output
    refused = site.apply(check=False)
    assert refused.returncode != 0
    restore = f"fooproject-restore-database /var/backups/fooproject/{dump}"
    assert f"The database fooproject is gone from db. Restore it there: {restore}" in refused.output
    db.enter(restore)
    assert "Edith" in get(app).text
    assert site.plan() == []


@pytest.mark.matrix
def test_a_server_that_is_gone_is_made_again_and_filled_from_a_dump(declared: Deployment) -> None:
    site, db, app = declared.site, declared.db, declared.apps[0]
    sign(app, "Edith")
    db.enter("fooproject-dump-database")
    [dump] = dumps(db)
    db.enter("pg_dropcluster --stop $(ls /etc/postgresql) main")
    planned = site.pyinfra("deploy.py", "--dry", "--json")
    assert kinds(planned.planned) == [INSTALL, LET_IN, RUN, HAVE]
    assert "Restore it there, once this run has PostgreSQL run: fooproject-" in planned.output
    assert "is gone from db" in site.apply(check=False).output
    db.enter(f"fooproject-restore-database /var/backups/fooproject/{dump}")
    assert kinds(site.plan()) == [HAVE]  # the role has no password yet
    site.apply()
    assert "Edith" in get(app).text
    assert site.plan() == []


# Both in one


@pytest.mark.matrix
@pytest.mark.parametrize("system", SYSTEMS)
def test_one_host_can_be_both(
    lab: Lab, controller: Callable[..., Controller], system: System
) -> None:
    both = host_of(lab, "both", system)
    site = controller(both)
    site.groups = {"app": [both], "db": [both]}
    site.use_database()
    planned = site.plan()
    assert of_database(planned) == ALL
    assert site.apply().changed == planned
    sign(both, "Edith")
    assert "Edith" in get(both).text
    assert both.enter("ss -Hltn 'sport = :5432'").stdout.split()[3] == "127.0.0.1:5432"
    assert site.plan() == []
    both.enter("fooproject-dump-database")
    both.enter("fooproject-restore-database /var/backups/fooproject/*.dump")
    assert "Edith" in get(both).text
    both.power_off()
