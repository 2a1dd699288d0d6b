"""The firewall: who may come to a host, by its part and by what others of it say."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from pyinfra.api import State, StringCommand

from stack.commands import firewall as commands
from stack.commands.lock import where_nobody_asks
from stack.facts.parsing import parse
from stack.host.observation import Observation, Unit
from stack.host.recorded import Project
from stack.inventory.roles import APP, DB, LB
from stack.operations import firewall as operations
from stack.project import firewall as files
from stack.project.target import Target
from stack.run import reach
from stack.settings import load
from stack.settings.database import Database
from stack.settings.front import Front
from stack.shell.scripts import command
from stack.state import firewall
from tests.unit.hosts import entries_of, sha256
from tests.unit.operating import plan

FOUND = (firewall.AS_FILED, "", "differs")
SHOP = Project("shop", site="/etc/nginx/sites-available/shop", has_tls=True)


def wanted(*roles: str, clients: tuple[str, ...] = (), lb: bool = False, **data: object) -> Target:
    settings = load({"source": ".", "firewall": True, **data}, "web1")
    front = Front(settings, ("10.0.0.1",), ("10.0.0.5", "fd00::5")) if lb else None
    database = Database("x", SecretStr("x"), "10.0.0.9", clients) if clients else None
    return Target(settings, frozenset(roles or {APP}), front=front, database=database)


def let_in(target: Target) -> list[str]:
    return [one.removeprefix(files.ADD).removesuffix(" accept") for one in files.rules(target)]


def test_everybody_comes_to_the_hosts_that_visitors_come_to() -> None:
    assert let_in(wanted()) == ["tcp dport 80"]
    assert let_in(wanted(tls="acme")) == ["tcp dport 80", "tcp dport 443"]
    assert let_in(wanted(LB, lb=True)) == ["tcp dport 80"]


def test_balancers_alone_come_to_the_app_hosts_behind_them() -> None:
    assert let_in(wanted(APP, lb=True, tls="acme")) == [
        "ip saddr 10.0.0.5 tcp dport 80",
        "ip6 saddr fd00::5 tcp dport 80",
    ]


def test_app_hosts_alone_come_to_the_database() -> None:
    clients = ("10.0.0.1", "10.0.0.2")
    assert let_in(wanted(DB, clients=clients)) == [
        "ip saddr 10.0.0.1 tcp dport 5432",
        "ip saddr 10.0.0.2 tcp dport 5432",
    ]
    assert let_in(wanted(APP, clients=clients)) == ["tcp dport 80"]
    assert let_in(wanted(APP, DB, clients=("127.0.0.1",))) == ["tcp dport 80"]


def converged(target: Target, *others: Project, **change: object) -> Observation:
    """A host whose firewall is as declared."""
    bare = Observation(ssh_ports=(22,))
    declared = firewall.files(bare, target, still_open=False)
    own = files.of_project("fooproject", files.rules(target))
    stood_in = [files.of_project(one.name, files.rules_of_site(one.has_tls)) for one in others]
    return Observation(
        ssh_ports=(22,),
        firewall=firewall.AS_FILED,
        entries=entries_of([*declared, *stood_in], 1.0),
        texts={own.path: own.content},
        units={files.UNIT: Unit(active="active", enabled="enabled")},
        projects=others,
    )


def test_it_is_on_while_live_rules_files_and_unit_say_so() -> None:
    target = wanted()
    seen = converged(target)
    assert firewall.is_on(seen, target)
    for harm in (
        replace(seen, firewall="differs"),
        replace(seen, firewall=""),
        replace(seen, units={}),
        replace(seen, ssh_ports=(22, 2222)),
        *(
            replace(seen, entries={k: v for k, v in seen.entries.items() if k != path})
            for path in seen.entries
        ),
    ):
        assert not firewall.is_on(harm, target)
        assert firewall.trouble(harm, target)
    told = {found: firewall.trouble(replace(seen, firewall=found), target) for found in FOUND}
    assert told == {
        firewall.AS_FILED: "",
        "": "is not there: everybody is let in",
        "differs": "its live rules are not those of its files",
    }
    assert firewall.trouble(Observation(), wanted(firewall=False)) == ""


def test_who_is_not_expected_any_more_is_let_in_until_the_end() -> None:
    before, target = wanted(DB, clients=("10.0.0.1", "10.0.0.2")), wanted(DB, clients=("10.0.0.2",))
    seen = converged(before)
    assert firewall.is_on(seen, target)
    [gone] = firewall.not_needed(seen, target)
    assert "10.0.0.1" in gone
    still, after = (
        {one.path: one.content for one in firewall.files(seen, target, still_open=True)},
        {one.path: one.content for one in firewall.files(seen, target, still_open=False)},
    )
    own = files.path_of("fooproject")
    assert ("10.0.0.1" in still[own], "10.0.0.1" in after[own]) == (True, False)
    assert firewall.not_needed(converged(target), target) == []


def test_what_is_no_rule_of_ours_is_not_kept() -> None:
    target = wanted()
    seen = converged(target)
    old = f"{files.ADD}ip saddr 192.0.2.7 tcp dport 80 accept"
    text = "\n".join(
        [old, f"{files.ADD}nonsense accept", f"{files.ADD}ip saddr 999.1.1.1 tcp dport 80 accept"]
    )
    seen = replace(seen, texts={files.path_of("fooproject"): text})
    assert firewall.not_needed(seen, target) == [old]


def test_a_project_that_has_not_spoken_has_its_visitors() -> None:
    target = wanted()
    seen = replace(converged(target), projects=(SHOP,))
    assert not firewall.is_on(seen, target)
    [(file, before)] = firewall.stand_ins(seen, target)
    assert (file.path, before) == ("/etc/django-stack/firewall.d/shop.nft", "")
    assert "tcp dport 443 accept" in file.content
    assert firewall.is_on(converged(target, SHOP), target)


def with_rules(seen: Observation, rules: list[str]) -> Observation:
    """The same host, with these rules in the file of the other project."""
    file = files.of_project("shop", rules)
    return replace(seen, entries={**seen.entries, **entries_of([file], 1.0)})


def test_what_stood_in_for_a_project_that_had_no_site_yet_is_replaced() -> None:
    target = wanted()
    for before in ([], files.rules_of_site(False)):
        seen = with_rules(converged(target, SHOP), before)
        assert not firewall.is_on(seen, target)
        [(file, digest)] = firewall.stand_ins(seen, target)
        assert "tcp dport 443 accept" in file.content
        assert digest == seen.entries[file.path].sha256


def test_what_a_project_says_itself_is_left_to_it() -> None:
    target = wanted()
    own = [f"{files.ADD}ip saddr 10.0.0.5 tcp dport 80 accept"]
    seen = with_rules(converged(target, SHOP), own)
    assert (firewall.stand_ins(seen, target), firewall.is_on(seen, target)) == ([], True)


def sh(command: StringCommand, home: Path, programs: str = "") -> None:
    """Run a command here, with the folder of its files in another one."""
    text = command.get_raw_value().replace("/etc/django-stack", f"{home}")
    text = text.replace("/usr/local/lib", f"{home}/lib").replace("/run/", f"{home}/run/")
    stdin = command.connector_arguments.get("_stdin") or ""
    assert isinstance(stdin, str)
    env = {"PATH": f"{programs}{os.environ['PATH']}"}
    subprocess.run(["sh", "-c", text], input=stdin, text=True, check=True, env=env)


@pytest.mark.parametrize("before", [None, "# of an earlier run\n"])
def test_rules_that_a_project_has_meanwhile_put_there_stay(
    tmp_path: Path, before: str | None
) -> None:
    file = files.of_project("shop", files.rules_of_site(True))
    path = tmp_path / "firewall.d" / "shop.nft"
    path.parent.mkdir()
    digest = sha256(before) if before is not None else ""
    path.write_text("# its own\n")
    sh(commands.stand_in([(file, digest)]), tmp_path)
    assert path.read_text() == "# its own\n"
    path.unlink()
    if before is not None:
        path.write_text(before)
    sh(commands.stand_in([(file, digest)]), tmp_path)
    assert path.read_text() == file.content


def test_what_another_project_has_come_to_ask_for_is_not_taken_away(tmp_path: Path) -> None:
    going = tmp_path / "there"
    removing = where_nobody_asks('"firewall": true', wanted().layout, command("rm", str(going)))
    for project, asks, stays in (
        ("shop", True, True),
        ("shop", False, False),
        ("fooproject", True, False),
    ):
        record = tmp_path / "lib" / project / "server.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"firewall": asks}, indent=4))
        going.touch()
        sh(removing, tmp_path)
        assert (project, asks, going.exists()) == (project, asks, stays)


def test_rules_of_a_firewall_that_was_taken_away_meanwhile_go_with_it(tmp_path: Path) -> None:
    its = tmp_path / "firewall.d" / "shop.nft"
    its.parent.mkdir()
    its.touch()
    for name in ("nft", "systemctl"):
        (tmp_path / name).write_text(
            f"#!/bin/sh\n[ {name} = systemctl ] || cat > {tmp_path}/told\n"
        )
        (tmp_path / name).chmod(0o700)
    unit = "/etc/systemd/system/django-stack-firewall.service"
    assert not Path(unit).exists()
    sh(commands.keep(["/etc/django-stack/firewall.d/shop.nft"]), tmp_path, f"{tmp_path}:")
    assert not its.parent.exists()
    assert "delete table inet django_stack" in (tmp_path / "told").read_text()


def test_what_projects_share_is_not_taken_away_where_one_is_there(tmp_path: Path) -> None:
    going, record = tmp_path / "there", tmp_path / "lib" / "shop" / "switch.json"
    removing = where_nobody_asks("", wanted().layout, command("rm", str(going)))
    record.parent.mkdir(parents=True)
    for stays in (True, False):
        going.touch()
        record.touch() if stays else record.unlink()
        sh(removing, tmp_path)
        assert going.exists() == stays


@pytest.mark.parametrize("is_over", [False, True])
def test_what_another_run_has_brought_meanwhile_lets_visitors_in_at_the_end_of_a_run(
    is_over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = wanted(firewall=False, tls="acme")
    seen = converged(target, replace(SHOP, firewall=True))
    shut = files.of_project("fooproject", [])
    entries = {**seen.entries, **entries_of([shut], 1.0)}
    seen = replace(seen, entries=entries, packages=frozenset({files.PACKAGE}), is_whole=True)
    monkeypatch.setattr(State, "is_executing", is_over)
    monkeypatch.setattr(reach, "anew", lambda: "")
    todo = plan(operations.closed, target, seen)
    assert bool(todo) == is_over


def test_one_projects_no_closes_nothing_of_anothers() -> None:
    target = wanted(firewall=False)
    other = replace(SHOP, firewall=True)
    assert not firewall.is_wanted(Observation(projects=(SHOP,)), target)
    # What another asks for and has not got is for that one to mend.
    assert not firewall.is_wanted(Observation(projects=(other,)), target)
    seen = converged(target, other)
    assert firewall.is_wanted(seen, target)
    # Its unit is for those to look at who ask for it.
    assert firewall.is_on(replace(seen, units={}), target)
    assert firewall.superfluous(seen, target) == []
    assert len(firewall.superfluous(converged(target, SHOP), target)) == 4
    assert firewall.superfluous(Observation(), target) == []


@pytest.mark.parametrize("has_database", [True, False])
def test_whom_anothers_database_serves_is_for_that_to_say(has_database: bool) -> None:
    other = Project("shop", has_database=has_database)
    told = firewall.refusal(Observation(projects=(other,)), wanted())
    assert ("set firewall = True for shop first" in told) is has_database
    assert firewall.refusal(Observation(projects=(other,)), wanted(firewall=False)) == ""
    spoken = converged(wanted(), other)
    assert firewall.refusal(spoken, wanted()) == ""


def test_ports_that_something_listens_at_are_told_before_they_are_shut() -> None:
    seen = Observation(ssh_ports=(22,), listening=frozenset({22, 80, 3306, 9000}))
    assert firewall.shut_out(seen, wanted()) == [3306, 9000]
    # Behind a balancer port 80 is let in, from there.
    assert firewall.shut_out(seen, wanted(APP, lb=True)) == [3306, 9000]
    assert firewall.shut_out(replace(seen, firewall=firewall.AS_FILED), wanted()) == []


def test_every_port_of_sshs_is_let_in_and_no_other() -> None:
    assert "tcp dport { 22, 2222 } accept" in files.table([2222, 22]).content
    assert "# SSH" not in files.table([]).content


def test_what_the_host_says_of_its_firewall_is_read() -> None:
    ports = ("22", "2222", "22", "x")
    seen = parse([*(f"ssh-port\t{port}" for port in ports), "listening\t80", "firewall\tas filed"])
    assert seen.listening == {80}
    assert (seen.ssh_ports, seen.firewall) == ((22, 2222), firewall.AS_FILED)
    assert (parse([]).ssh_ports, parse([]).firewall) == ((), "")


ANYWHERE = "0.0.0.0/0"


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ((), "ufw allow 80/tcp; ufw allow 443/tcp"),
        ((("22", ANYWHERE), ("8000:8100", ANYWHERE)), "ufw allow 80/tcp; ufw allow 443/tcp"),
        ((("80", ANYWHERE),), "ufw allow 443/tcp"),
        ((("80", "10.0.0.0/8"), ("443", ANYWHERE)), "ufw allow 80/tcp"),
        ((("80,443", "::/0"),), "ufw allow 80/tcp; ufw allow 443/tcp"),
        ((("any", "10.0.0.9"),), "ufw allow 80/tcp; ufw allow 443/tcp"),
        ((("80,443", ANYWHERE),), ""),
        ((("1:100", ANYWHERE), ("any", ANYWHERE)), ""),
        ((("80:", ANYWHERE), ("any", ANYWHERE)), ""),
        ((("80", "none"), (":,443", ANYWHERE)), "ufw allow 80/tcp; ufw allow 443/tcp"),
    ],
)
def test_whom_ufw_keeps_out_is_said_with_what_lets_them_in(
    rules: tuple[tuple[str, str], ...], told: str
) -> None:
    lines = ["ufw\t\t", *(f"ufw\t{ports}\t{source}" for ports, source in rules)]
    said = firewall.shut_by_ufw(parse(lines), wanted(tls="acme", firewall=False))
    assert said.partition("run ")[2] == told


def test_ufw_is_asked_of_those_who_are_expected_alone() -> None:
    clients = ("10.0.0.1", "fd00::1")
    database, behind = wanted(DB, clients=clients), wanted(APP, lb=True)
    some = parse(["ufw\t\t", "ufw\t5432\t10.0.0.0/24", "ufw\t80\t10.0.0.5"])
    assert firewall.shut_by_ufw(some, database).endswith(
        "run ufw allow from fd00::1 to any port 5432 proto tcp"
    )
    assert firewall.shut_by_ufw(some, behind).endswith(
        "run ufw allow from fd00::5 to any port 80 proto tcp"
    )
    assert firewall.shut_by_ufw(parse([]), database) == ""
