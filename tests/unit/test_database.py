"""The database of the group `db`: what follows from the settings, and when a host has it."""

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from stack.database import files, others, scram
from stack.database.observation import Answer, Cluster, Role, Server
from stack.database.state import (
    former_clients,
    is_dumped,
    is_loaded,
    is_lost,
    is_there,
    sockets,
    still_open,
)
from stack.facts.database_parsing import parse
from stack.host.observation import Observation, Unit
from stack.inventory.roles import DB, roles
from stack.operations import database as operations
from stack.project.target import Target
from stack.settings import Settings, SettingsError, load, load_all
from stack.settings.database import Database, database_of
from tests.unit.hosts import entries_of
from tests.unit.operating import NAME, plan

PASSWORD = "it's a $ecret/%@ 1"
DATABASE = Database("fooproject", SecretStr(PASSWORD), "10.0.0.9", ("10.0.0.1", "fd00::1"))


# Roles


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": [], "b": []}, {"a": {"app"}, "b": {"app"}}),
        ({"a": ["production"], "b": ["staging"]}, {"a": {"app"}, "b": {"app"}}),
        ({"a": ["app", "canary"], "b": ["db"]}, {"a": {"app"}, "b": {"db"}}),
        ({"a": ["app", "db"]}, {"a": {"app", "db"}}),
        ({"a": ["app"], "b": ["other"]}, {"a": {"app"}, "b": set()}),
        ({"a": ["production"], "b": ["db"]}, {"a": set(), "b": {"db"}}),
    ],
)
def test_roles_follow_from_the_groups(
    groups: Mapping[str, list[str]], expected: Mapping[str, set[str]]
) -> None:
    assert roles(groups) == expected


# From the inventory


def all_settings(
    groups: Mapping[str, list[str]], data: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, Settings]:
    """The settings of hosts 10.0.0.1, 10.0.0.2 and so on, in the order of `groups`."""
    common = {"source": "tests/project", "database_password": PASSWORD}
    hosts = {
        host: {**common, "ssh_hostname": f"10.0.0.{number}", **(data or {}).get(host, {})}
        for number, host in enumerate(groups, 1)
    }
    return load_all(hosts, groups)


def problems(*arguments: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        all_settings(*arguments)
    return [str(problem) for problem in caught.value.problems]


def url(settings: Settings) -> str:
    return settings.env["DATABASE_URL"].get_secret_value()


APART = {"web1": ["app"], "web2": ["app"], "db1": ["db"]}


def test_app_hosts_get_the_url_of_the_database() -> None:
    settings = all_settings(APART)
    for host in ("web1", "web2"):
        parts = urlsplit(url(settings[host]))
        assert parts.scheme == "postgres"
        assert (parts.username, unquote(parts.password or "")) == ("fooproject", PASSWORD)
        assert (parts.hostname, parts.port, parts.path) == ("10.0.0.3", 5432, "/fooproject")
    assert "DATABASE_URL" not in settings["db1"].env


def test_without_a_host_for_it_there_is_no_url() -> None:
    settings = all_settings({"web1": [], "web2": []})
    assert "DATABASE_URL" not in settings["web1"].env


def test_a_url_of_ones_own_wins() -> None:
    env = {"env": {"DATABASE_URL": "postgres://elsewhere/x"}}
    settings = all_settings(APART, {"web1": env, "web2": env})
    assert url(settings["web1"]) == "postgres://elsewhere/x"


def test_a_host_that_is_both_talks_to_itself() -> None:
    settings = all_settings({"one": ["app", "db"]}, {"one": {"ssh_hostname": "one.example.com"}})
    assert urlsplit(url(settings["one"])).hostname == "127.0.0.1"
    database = database_of(settings, {"one": {"app", "db"}})
    assert database is not None
    assert database.listens_on == database.clients == ("127.0.0.1",)


def test_all_app_hosts_have_the_same_url_also_the_one_that_has_the_database() -> None:
    settings = all_settings({"one": ["app", "db"], "two": ["app"]})
    assert url(settings["one"]) == url(settings["two"])
    assert urlsplit(url(settings["one"])).hostname == "10.0.0.1"


def test_it_listens_for_the_app_hosts_alone() -> None:
    groups = {"web1": ["app"], "db1": ["db"], "web2": ["app"]}
    data: dict[str, dict[str, object]] = {"web2": {"address": "192.168.0.7"}}
    database = database_of(all_settings(groups, data), roles(groups))
    assert database is not None
    assert database.clients == ("10.0.0.1", "192.168.0.7")
    assert database.listens_on == ("127.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    ("groups", "data", "line"),
    [
        (
            APART,
            {"db1": {"database_password": ""}},
            "db1: database_password: is missing; expected the password of the database's role",
        ),
        (
            APART,
            {"web2": {"ssh_hostname": "web2.example.com"}},
            "web2: address: is missing; expected the IP address by which it and the other hosts "
            "reach each other",
        ),
        (
            {**APART, "db2": ["db"]},
            {},
            "db1, db2: the group db has several hosts; expected one, because nothing copies its "
            "data",
        ),
        (
            {**APART, "mail": ["mail"]},
            {},
            "mail: is in none of the groups app, db or lb",
        ),
        (
            APART,
            {"web1": {"migrate": "each"}, "web2": {"migrate": "each"}},
            'web1, web2: migrate = "each": the app hosts share the database of db1; expected '
            '"once"',
        ),
        (
            APART,
            {"db1": {"project": "pg_x", "wsgi": "fooproject.wsgi"}},
            'db1: project = "pg_x": is reserved by PostgreSQL; expected another name',
        ),
        (APART, {"db1": {"address": "x"}}, 'db1: address = "x": expected an IP address, such as'),
        (APART, {"db1": {"address": "::"}}, 'db1: address = "::": expected an IP address'),
        (APART, {"db1": {"dump_hour": 24}}, "db1: dump_hour = 24: expected a whole number from 0"),
    ],
)
def test_what_cannot_be_is_told(
    groups: Mapping[str, list[str]], data: Mapping[str, Mapping[str, object]], line: str
) -> None:
    assert any(one.startswith(line) for one in problems(groups, data))


@pytest.mark.parametrize("password", ["s3cret\n", "s3crét", ["s3cret"], b"s3cret", "s3cret\0"])
def test_a_password_that_is_refused_is_not_shown(password: object) -> None:
    told = problems(APART, {"db1": {"database_password": password}})
    assert told[0].startswith("db1: database_password: ")
    assert not any("s3cr" in line for line in told)


def test_the_password_is_in_no_text_of_the_settings() -> None:
    settings = all_settings(APART)
    database = database_of(settings, roles(APART))
    for text in (str(settings), repr(database), str(database), repr(database and database.url)):
        assert PASSWORD not in text
        assert quote(PASSWORD, safe="") not in text


# Passwords


def test_a_verifier_is_that_of_the_rfc() -> None:
    """The exchange that RFC 7677 prints for the password "pencil" fits to it."""
    salt, iterations = b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096
    _, head, keys = scram.verifier("pencil", salt, iterations).split("$")
    assert head == "4096:W22ZaJ0SNY7soEsUEjb6gQ=="
    stored, server = map(b64decode, keys.split(":"))
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    message = (
        f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
        f"c=biws,r={nonce}"
    ).encode()
    signature = b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    assert hmac.digest(server, message, "sha256") == signature
    proof = b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    mask = hmac.digest(stored, message, "sha256")
    client = bytes(one ^ other for one, other in zip(proof, mask, strict=True))
    assert hashlib.sha256(client).digest() == stored


def told(password: str) -> tuple[str, str]:
    """What a host tells of a password that it has."""
    verifier = scram.new_verifier(password)
    return verifier.split("$")[1], scram.digest(verifier)


# Deriving a key takes long on purpose.
@settings(deadline=None, max_examples=25)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_a_password_is_known_again_and_no_other_is(password: str) -> None:
    assert scram.is_of(password, *told(password))
    assert not scram.is_of(password + "x", *told(password))


@pytest.mark.parametrize("head", ["", "x", "100:W22ZaJ0SNY7soEsUEjb6gQ=="])
def test_what_is_no_verifier_of_ours_is_of_no_password(head: str) -> None:
    assert not scram.is_of("pencil", head, "")


# The host


CLUSTER = Cluster("15", "main", "auto", 50.0, True)
RECORDS = f"""\
package\tpostgresql\tinstalled
unit\tId=postgresql.service
unit\tLoadState=loaded
unit\tActiveState=active
unit\tUnitFileState=enabled
unit\tNeedDaemonReload=no
unit\t
unit\tId=fooproject-dump.timer
unit\tLoadState=loaded
unit\tActiveState=active
unit\tUnitFileState=enabled
unit\tNeedDaemonReload=yes
unit\t
dump\t5.5\tnightly-1.dump
dump\t6.5\tnightly-2.dump
socket\t0100007F
socket\t0900000A
cluster\t15\tmain\tauto\t50.0000000\tused
client\t10.0.0.1
client\tfd00::1
entry\t/etc/postgresql/15/main/pg_hba.conf\tf\t644\troot\troot\t1.0\t1.0\t
{"0" * 64}  /etc/postgresql/15/main/pg_hba.conf
unit\tId=postgresql@15-main.service
unit\tLoadState=loaded
unit\tActiveState=active
unit\tUnitFileState=enabled-runtime
unit\tNeedDaemonReload=no
unit\t
answer\t60.123456\t0
setting\tlisten_addresses\t127.0.0.1, 10.0.0.9
setting\thba_file\t/etc/postgresql/15/main/pg_hba.conf
role\tt\t4096:c2FsdA==\t0123456789abcdef
owner\tfooproject\tf
now\t100.5
""".splitlines()


def test_records_are_read() -> None:
    seen = parse(RECORDS)
    assert seen.is_installed
    assert seen.cluster == CLUSTER
    assert seen.answer == Answer(
        60.123456,
        False,
        {
            "listen_addresses": "127.0.0.1, 10.0.0.9",
            "hba_file": "/etc/postgresql/15/main/pg_hba.conf",
        },
        Role(True, "4096:c2FsdA==", "0123456789abcdef"),
        "fooproject",
        is_open=False,
    )
    assert seen.units["postgresql"].runs
    assert seen.units["fooproject-dump.timer"].is_stale
    assert seen.units["postgresql@15-main"].active == "active"
    assert seen.entries["/etc/postgresql/15/main/pg_hba.conf"].sha256 == "0" * 64
    assert seen.sockets == {"0100007F", "0900000A"}
    assert seen.clients == ("10.0.0.1", "fd00::1")
    assert seen.dumps == ("nightly-1.dump", "nightly-2.dump")
    assert seen.now == 100.5


@pytest.mark.parametrize("length", range(len(RECORDS)))
def test_records_that_end_early_are_no_error(length: int) -> None:
    parse(RECORDS[:length])


def test_a_bare_host_has_nothing() -> None:
    assert parse(["now\t1.5"]) == Server(now=1.5)


def test_addresses_are_written_as_the_kernel_does() -> None:
    assert sockets(DATABASE) == {"0100007F", "0900000A"}
    six = replace(DATABASE, address="fd00::1")
    assert "000000FD000000000000000001000000" in sockets(six)


TARGET = Target(load({"source": "."}, "db1"), {DB}, database=DATABASE)


def served() -> Server:
    """A host that is as files."""
    head, digest = told(PASSWORD)
    up = Unit("loaded", "active", "enabled")
    return Server(
        now=100.0,
        is_installed=True,
        cluster=CLUSTER,
        answer=Answer(
            60.0,
            False,
            files.settings(DATABASE, CLUSTER),
            Role(True, head, digest),
            "fooproject",
        ),
        entries=entries_of([*files.server(DATABASE, CLUSTER), *files.dumps(TARGET)], 1.0),
        units={
            "postgresql": up,
            CLUSTER.unit: replace(up, drop_ins=(files.drop_in(DATABASE),)),
            "fooproject-dump.timer": up,
        },
        sockets=sockets(DATABASE),
    )


def somebody_elses(**change: Any) -> Server:
    """A server that Debian has made and a person has gone on with."""
    seen = served()
    answer = Answer(60.0, False, {"listen_addresses": "localhost"})
    return replace(
        seen,
        entries={},
        cluster=replace(CLUSTER, is_used=False),
        answer=replace(answer, **change),
        rules=("local all postgres peer", "host all all ::1/128 scram-sha-256"),
    )


def lost_by(seen: Server) -> str:
    return others.refusal(seen, TARGET, DATABASE)


def test_a_server_as_debian_made_it_or_as_a_project_has_left_it_is_taken() -> None:
    assert lost_by(Server()) == lost_by(somebody_elses()) == ""
    left = somebody_elses(
        others={"fooproject-2026": "fooproject", "shop": "shop", "old-shop": "shop"},
        logins=("shop",),
    )
    assert lost_by(replace(left, left=frozenset({"shop"}))) == ""


def test_what_is_left_of_ours_in_pg_hba_conf_keeps_no_project_out_once_all_else_is_gone() -> None:
    empty = files.server(replace(DATABASE, name="shop", clients=()), CLUSTER)
    [hba] = [one for one in empty if one.path.endswith("/pg_hba.conf")]
    content = getattr(hba, "content", "")
    rules = tuple(line for line in content.splitlines() if not line.startswith("#"))
    assert 'local "shop-restoring" +"shop" scram-sha-256' in rules
    assert lost_by(replace(somebody_elses(), rules=rules)) == ""
    others_rule = 'local "shop-restoring" +"till" scram-sha-256'
    told = lost_by(replace(somebody_elses(), rules=(*rules, others_rule)))
    assert f'"{others_rule}" in pg_hba.conf' in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"others": {"shop": "anna", "a": "postgres"}},
            "no longer get in: databases: a, shop. Put",
        ),
        ({"logins": ("shop",)}, "roles that log in: shop"),
        ({"settings": {"listen_addresses": "*"}}, "listen_addresses = '*'"),
    ],
)
def test_a_server_that_others_use_is_refused_with_their_names(
    change: Mapping[str, Any], says: str
) -> None:
    assert says in lost_by(somebody_elses(**change))
    assert lost_by(answering(served(), **change)) == ""  # ours by now, as is what is added to it


def test_who_is_let_in_is_named_without_what_may_be_secret() -> None:
    rule = "host all all 10.0.0.0/8 ldap"
    told = lost_by(replace(somebody_elses(), rules=(rule,)))
    assert '"host all all 10.0.0.0/8" in pg_hba.conf' in told
    assert "ldap" not in told


def test_a_server_that_does_not_say_whose_its_databases_are_is_refused() -> None:
    down = replace(somebody_elses(), answer=None)
    assert lost_by(down) == ""
    told = lost_by(replace(down, cluster=replace(CLUSTER, is_used=True)))
    assert "start it first: systemctl start postgresql@15-main" in told


def answering(seen: Server, **change: Any) -> Server:
    assert seen.answer
    return replace(seen, answer=replace(seen.answer, **change))


def unit(seen: Server, name: str, **change: Any) -> Server:
    return replace(seen, units={**seen.units, name: replace(seen.units[name], **change)})


def clustered(seen: Server, **change: Any) -> Server:
    return replace(seen, cluster=replace(CLUSTER, **change))


def test_a_host_that_is_as_declared_is_left_alone() -> None:
    seen = served()
    assert is_loaded(seen, DATABASE)
    assert is_dumped(seen, TARGET)
    assert is_there(seen, DATABASE)
    assert not is_lost(seen)


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: replace(seen, answer=None),
        lambda seen: replace(seen, cluster=None),
        lambda seen: replace(seen, entries={}),
        lambda seen: replace(seen, sockets=frozenset({"0100007F"})),
        lambda seen: replace(seen, sockets=seen.sockets | {"00000000"}),
        lambda seen: clustered(seen, changed=60.1),
        lambda seen: clustered(seen, starts="manual"),
        lambda seen: replace(seen, now=59.0),
        lambda seen: answering(seen, pending=True),
        lambda seen: answering(seen, settings={}),
        lambda seen: unit(seen, "postgresql", enabled="disabled"),
        lambda seen: unit(seen, "postgresql@15-main", active="failed"),
        lambda seen: unit(seen, "postgresql@15-main", is_stale=True),
        lambda seen: unit(seen, "postgresql@15-main", drop_ins=()),
    ],
)
def test_what_does_not_run_as_its_files_say_is_seen(change: Callable[[Server], Server]) -> None:
    assert not is_loaded(change(served()), DATABASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: answering(seen, role=None),
        lambda seen: answering(seen, role=Role(True, *told("another"))),
        lambda seen: answering(seen, role=Role(False, *told(PASSWORD))),
        lambda seen: answering(seen, owner="postgres"),
        lambda seen: answering(seen, owner=""),
        lambda seen: answering(seen, is_open=False),
        lambda seen: replace(seen, answer=None, cluster=None),
        lambda seen: clustered(replace(seen, answer=None), is_used=False),
    ],
)
def test_a_database_that_is_not_as_declared_is_seen(change: Callable[[Server], Server]) -> None:
    assert not is_there(change(served()), DATABASE)


def test_what_is_stopped_is_taken_to_be_there() -> None:
    assert is_there(replace(served(), answer=None), DATABASE)


@pytest.mark.parametrize(
    ("role", "dumps", "lost"),
    [
        (Role(True, "", ""), (), True),
        (None, ("nightly-1.dump",), True),
        (None, (), False),
    ],
)
def test_a_database_that_was_there_once_is_known(
    role: Role | None, dumps: tuple[str, ...], lost: bool
) -> None:
    assert is_lost(replace(answering(served(), owner="", role=role), dumps=dumps)) == lost


GONE = answering(served(), owner="")
NOT_SET_UP = replace(served(), answer=None, cluster=None, dumps=("nightly-1.dump",))


@pytest.mark.parametrize(
    ("seen", "lost"),
    [
        (NOT_SET_UP, True),
        (replace(NOT_SET_UP, cluster=replace(CLUSTER, is_used=False)), True),
        (replace(NOT_SET_UP, cluster=CLUSTER), False),
        (replace(NOT_SET_UP, dumps=()), False),
    ],
)
def test_a_database_of_which_there_are_dumps_and_nothing_else_is_known_where_nothing_answers(
    seen: Server, lost: bool
) -> None:
    assert is_lost(seen) == lost


@pytest.mark.parametrize(
    ("seen", "when"), [(GONE, ""), (NOT_SET_UP, ", once this run has PostgreSQL run")]
)
def test_a_plan_says_that_its_run_will_not_make_a_database_that_is_gone(
    seen: Server, when: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(operations, "observe_server", lambda target: seen)
    assert plan(operations.present, TARGET, Observation(), database=DATABASE)
    foretold = f"This will fail: The database fooproject is gone from {NAME}. Restore it there"
    assert f"{foretold}{when}: fooproject-restore-database " in caplog.text
    assert caplog.text.count("This will fail") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: replace(seen, entries={}),
        lambda seen: unit(seen, "fooproject-dump.timer", active="inactive"),
        lambda seen: unit(seen, "fooproject-dump.timer", enabled="disabled"),
        lambda seen: unit(seen, "fooproject-dump.timer", is_stale=True),
    ],
)
def test_a_dump_that_would_not_be_made_is_seen(change: Callable[[Server], Server]) -> None:
    assert not is_dumped(change(served()), TARGET)


def test_nobody_else_is_let_in() -> None:
    _, hba, _ = files.server(DATABASE, CLUSTER)
    assert hba.path == "/etc/postgresql/15/main/pg_hba.conf"
    content = getattr(hba, "content", "")
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    assert lines == [
        'local "fooproject-restoring" +"fooproject" scram-sha-256',
        "local all all peer",
        "local replication postgres peer",
        'host "fooproject" "fooproject" 10.0.0.1/32 scram-sha-256',
        'host "fooproject" "fooproject" fd00::1/128 scram-sha-256',
    ]


@pytest.mark.parametrize(
    ("let_in", "until_the_end", "former"),
    [
        ((), ("10.0.0.1", "fd00::1"), []),
        (("fd00::1", "10.0.0.1"), ("fd00::1", "10.0.0.1"), []),
        (("10.0.0.1", "10.0.0.7", "fd00::1"), ("10.0.0.1", "10.0.0.7", "fd00::1"), ["10.0.0.7"]),
        (("10.0.0.7", "10.0.0.1"), ("10.0.0.1", "fd00::1", "10.0.0.7"), ["10.0.0.7"]),
    ],
)
def test_a_former_app_host_is_let_in_until_the_end_of_the_run(
    let_in: tuple[str, ...], until_the_end: tuple[str, ...], former: list[str]
) -> None:
    seen = replace(served(), clients=let_in)
    assert still_open(seen, DATABASE).clients == until_the_end
    assert former_clients(seen, DATABASE) == former
