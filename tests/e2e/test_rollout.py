"""A rollout over several hosts goes in waves, and stops itself."""

import json
import os
import pty
import signal
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import ENVIRONMENT, PYINFRA, REPOSITORY, Controller
from tests.e2e.cutting import cut_connection
from tests.e2e.faults import OUR_TRACEBACK, assert_told, no_request_fails
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.rolling import (
    MIGRATION,
    Running,
    attempts,
    break_after_switch,
    break_migration,
    break_switch,
    is_switching,
    mend,
    serve,
)
from tests.e2e.test_database import sql
from tests.e2e.test_faults import SMALL_DISK, fill, last_operation
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

NOTICE_SOON = ["from stack.run import connection", "connection.DEAD_SECONDS = 6"]


@pytest.fixture(scope="module")
def four(lab: Lab, deployed_web: Host) -> Iterator[list[Host]]:
    """Four hosts with the project live, in whatever releases the test before has left them."""
    hosts = lab.hosts(4, layer=DEPLOYED, prefix="app")
    yield hosts
    for host in hosts:
        host.stop()


@pytest.fixture
def site(
    four: list[Host], controller: Callable[..., Controller], request: pytest.FixtureRequest
) -> Controller:
    """Their controller, with a release that none of them has."""
    for host in four:
        host.start()
        mend(host)
    for host in four:
        wait_for(f"{host.name} is up", partial(release_at, host), 60)
    site = controller(*four)
    (site.project() / "changed.txt").write_text(request.node.name)
    return site


def new_release(site: Controller) -> str:
    """The name of the release that the site would deploy."""
    [name] = [one for one in site.plan() if one.startswith("Release | Unpack ")]
    return name.removeprefix("Release | Unpack ")


APPLIED = """
import sqlite3, sys
database = sqlite3.connect("/home/fooproject/shared/data/db.sqlite3")
select = "SELECT applied FROM django_migrations WHERE name = ?"
for [time] in database.execute(select, sys.argv[1:]):
    print(time[:19].replace(" ", "T") + "Z")
"""


def add_migration(site: Controller, name: str, text: str = MIGRATION) -> None:
    (site.project() / "guestbook" / "migrations" / f"{name}.py").write_text(text)


def migrated(host: Host, name: str) -> str:
    """When the host's own database got a migration, as the release log tells times; or nothing."""
    return host.enter(f"python3 - {name}", input=APPLIED).stdout.strip()


# A good one


@pytest.mark.long
def test_a_release_goes_live_in_waves_and_no_request_fails(
    four: list[Host], site: Controller
) -> None:
    add_migration(site, "0002_good")
    plan = json.loads(site.pyinfra("deploy.py", "--dry", "--json").stdout)["plan"]
    new = next(one["name"].split()[-1] for one in plan if "Unpack" in one["name"])
    assert [
        (one["name"], one["hosts_with_change"])
        for one in plan
        if "(wave " in one["name"] and "Watch" not in one["name"]
    ] == [
        (f"Release | {verb} {new} (wave {number} of 3)", hosts)
        for number, hosts in enumerate([["app1"], ["app2"], ["app3", "app4"]], 1)
        for verb in ("Migrate the database to", "Serve")
    ]
    planned = [one["name"] for one in plan if one["hosts_with_change"]]
    assert not any(one["hosts_with_conditional_change"] for one in plan)
    with no_request_fails(*four):
        run = site.apply()
    assert run.changed == planned
    assert serve(four) == [new] * 4
    last = [attempts(host)[-1] for host in four]
    assert [one["release"] for one in last] == [new] * 4
    first, second, third, fourth = (one["time"] for one in last)
    assert first < second < min(third, fourth)
    # Each with a database of its own has migrated it in its turn.
    assert migrated(four[0], "0002_good") <= first < migrated(four[1], "0002_good") <= second
    for host, switched in zip(four[2:], (third, fourth), strict=True):
        assert second < migrated(host, "0002_good") <= switched
    assert site.plan() == []


# Broken on one host only


@pytest.mark.long
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(0, id="canary", marks=pytest.mark.matrix),
        pytest.param(1, id="middle"),
        pytest.param(3, id="last", marks=pytest.mark.matrix),
    ],
)
def test_a_host_on_which_the_switch_fails_stops_the_rollout_and_all_go_back(
    four: list[Host], site: Controller, broken: int
) -> None:
    before = serve(four)
    new = new_release(site)
    break_switch(four[broken])
    with no_request_fails(*four):
        run = site.apply(check=False)
    wave = min(broken, 2) + 1
    assert_told(
        run,
        f"The rollout of {new} failed in wave {wave} of 3, on app{broken + 1}:",
        "systemd-run",
        *(f"app{number}  serves {release}" for number, release in enumerate(before, 1)),
    )
    assert "Programs |" not in run.output.partition("End the rollout")[2]
    told = json.loads(run.stdout)["rollout"]
    assert (told["result"], told["failed"]) == ("failed", [f"app{broken + 1}"])
    assert {name: one["serves"] for name, one in told["hosts"].items()} == {
        host.name: release for host, release in zip(four, before, strict=True)
    }
    assert serve(four) == before
    later = four[wave:] if wave < 3 else []
    assert not any(attempts(host)[-1]["release"] == new for host in later)


@pytest.mark.parametrize(
    ("broken", "migrate", "ends"),
    [
        pytest.param(1, [0], "and had no turn", id="middle", marks=pytest.mark.matrix),
        # The other host of the last wave is at it at the same time.
        pytest.param(2, [0, 1, 3], "as before", id="last", marks=pytest.mark.matrix),
    ],
)
def test_a_host_on_which_its_migration_fails_stops_the_rollout_and_all_go_back(
    four: list[Host], site: Controller, broken: int, migrate: list[int], ends: str
) -> None:
    before = serve(four)
    migration = f"0002_broken_on_{broken}"
    add_migration(site, migration)
    new = new_release(site)
    tried = [len(attempts(host)) for host in four]
    break_migration(four[broken])
    with no_request_fails(*four):
        run = site.apply(check=False)
    assert_told(
        run,
        f"The rollout of {new} failed in wave {broken + 1} of 3, on app{broken + 1}:",
        "RuntimeError: not on this host",
        f"app{broken + 1}  serves {before[broken]}, as before",
        f"app4  serves {before[3]}, {ends}",
    )
    assert serve(four) == before
    assert [n for n, host in enumerate(four) if migrated(host, migration)] == migrate
    # Forth and back where they had switched, and a failure where there was one.
    assert [len(attempts(host)) - count for host, count in zip(four, tried, strict=True)] == [
        *(2 for _ in four[:broken]),
        1,
        *(0 for _ in four[broken + 1 :]),
    ]
    mend(four[broken])
    site.apply()
    assert serve(four) == [new] * 4
    assert all(migrated(host, migration) for host in four)


@pytest.mark.long
def test_a_host_that_falls_ill_after_its_switch_takes_all_back_with_their_settings(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    # What is served now has no such page.
    urls = site.project() / "guestbook" / "urls.py"
    urls.write_text(urls.read_text() + '\nurlpatterns.append(path("well", views.health))\n')
    site.data["health_path"] = "/well"
    site.data["workers"] = 2
    programs = [host.enter("cat /etc/supervisor/conf.d/fooproject.conf").stdout for host in four]
    break_after_switch(four[3])
    with no_request_fails(*four[:3]):
        run = site.apply(check=False)
    assert_told(
        run, "/well answers 500", "failed in wave 3 of 3, on app4:", "app4  serves", "as before"
    )
    assert serve(four) == before
    assert programs == [
        host.enter("cat /etc/supervisor/conf.d/fooproject.conf").stdout for host in four
    ]
    for host in four:
        assert [one["result"] for one in attempts(host)[-2:]] == ["live", "live"]


@pytest.mark.long
def test_a_rollout_that_fails_leaves_each_host_what_its_release_is_asked_for(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    run = site.apply("--data", "health_path=/nope", check=False)
    assert_told(run, "app1 | ", "/nope answers 404")
    assert serve(four) == before
    for host, release in zip(four[1:], before[1:], strict=True):
        assert f"    {host.name}  serves {release}, and had no turn" in run.output.splitlines()
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]
    assert {name: its["health"] for name, its in told.items()} == dict.fromkeys(told, "ok")


@pytest.mark.long
def test_a_verdict_tells_what_is_served_and_not_what_a_symlink_says(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    four[2].enter(f"cp -a ~fooproject/releases/{before[2]} ~fooproject/releases/by-hand")
    four[2].enter("ln -sfn releases/by-hand ~fooproject/fooproject")
    break_switch(four[0])
    run = site.apply(check=False)
    assert_told(
        run,
        f"app3  serves {before[2]}, and had no turn, but ~/fooproject leads to by-hand",
        f"app4  serves {before[3]}, and had no turn",
    )
    four[2].enter(f"ln -sfn releases/{before[2]} ~fooproject/fooproject")


def test_code_that_does_not_work_reaches_no_host_but_the_first(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    tried = [len(attempts(host)) for host in four]
    wsgi = site.project() / "fooproject" / "wsgi.py"
    wsgi.write_text(wsgi.read_text() + "\nraise RuntimeError('wsgi says no')\n")
    with no_request_fails(*four):
        run = site.apply(check=False)
    assert_told(run, "failed in wave 1 of 3, on app1:", "app1 |   | RuntimeError: wsgi says no")
    assert serve(four) == before
    assert [len(attempts(host)) for host in four] == [tried[0] + 1, *tried[1:]]


@pytest.mark.matrix
def test_hosts_that_have_switched_stay_where_the_settings_say_so(
    four: list[Host], site: Controller
) -> None:
    before, new = serve(four), new_release(site)
    site.data["on_failure"] = "stop"
    break_switch(four[1])
    with no_request_fails(*four):
        run = site.apply(check=False)
    assert_told(
        run, "on app2:", f"app1  serves {new}", f"app3  serves {before[2]}, and had no turn"
    )
    assert serve(four) == [new, *before[1:]]
    mend(four[1])
    site.apply()
    assert serve(four) == [new] * 4


# Hosts that go away


@pytest.mark.long
def test_nothing_begins_when_a_host_cannot_be_reached(four: list[Host], site: Controller) -> None:
    up = [four[0], four[1], four[3]]
    before, new = serve(up), new_release(site)
    four[2].power_off()
    with no_request_fails(*up):
        run = site.apply(check=False)
        assert_told(run, "app3")
        # As if a person had told pyinfra to go on.
        run = site.apply("--fail-percent", "90", check=False)
        assert_told(run, "app3: cannot be reached", "--exclude")
    assert not any(
        f"releases/{new}" in host.enter("ls -d ~fooproject/releases/*").stdout for host in up
    )
    assert serve(up) == before
    site.apply("--exclude", "app3")
    assert serve(up) == [new] * 3


@pytest.mark.matrix
@pytest.mark.parametrize("when", ["during its switch", "after its switch"])
def test_a_host_that_loses_its_power_in_the_rollout_counts_as_a_failure(
    four: list[Host], site: Controller, when: str
) -> None:
    others = [four[0], *four[2:]] if when == "during its switch" else four[1:]
    before, new = serve(others), new_release(site)
    with Running(site, lines=NOTICE_SOON) as running, no_request_fails(*others):
        running.reaches("(wave 2 of 3)")
        if when == "during its switch":
            wait_for("app2 is switching", lambda: is_switching(four[1]), 60)
            four[1].power_off()
        else:
            four[0].power_off()
        run = running.ends()
    lost = "app2" if when == "during its switch" else "app1"
    assert_told(run, f"failed in wave 2 of 3, on {lost}:", f"{lost}  is not reachable")
    assert serve(others) == before
    site.hosts[0].start()
    four[1].start()
    site.apply()
    assert serve(four) == [new] * 4


@pytest.mark.matrix
def test_a_host_whose_connection_is_cut_goes_back_like_the_others(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    with Running(site) as running, no_request_fails(*four):
        running.reaches("(wave 2 of 3)")
        wait_for("app2 is switching", lambda: is_switching(four[1]), 60)
        cut_connection(running.process, four[1])
        run = running.ends()
    assert_told(run, "failed in wave 2 of 3, on app2:", f"app2  serves {before[1]}, as before")
    assert serve(four) == before


@pytest.fixture
def cramped(four: list[Host], site: Controller) -> Iterator[Host]:
    """The third host, with its releases on a small disk that is full."""
    four[2].enter(SMALL_DISK)
    wait_for("app3 is back", lambda: get(four[2], "/health").status == 200)
    fill(four[2], left="40K")
    yield four[2]
    four[2].reset()


@pytest.mark.matrix
def test_a_disk_that_is_full_on_one_host_keeps_all_from_switching(
    four: list[Host], site: Controller, cramped: Host
) -> None:
    before, new = serve(four), new_release(site)
    tried = [len(attempts(host)) for host in four]
    with no_request_fails(*four):
        run = site.apply(check=False)
        assert_told(run, "app3: ")
        assert last_operation(run.output).startswith("Release | Unpack")
        run = site.apply("--fail-percent", "90", check=False)
        assert_told(run, f"{new} went live on no host, for app3 failed before:")
    assert serve(four) == before
    tried[2] += 2  # which found no room
    assert [len(attempts(host)) for host in four] == tried


# People


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("Collect the static files", marks=pytest.mark.matrix),
        pytest.param("Migrate the database", marks=pytest.mark.matrix),
        pytest.param("Serve", marks=pytest.mark.matrix),
        pytest.param("Watch what has switched", marks=pytest.mark.matrix),
    ],
)
def test_ctrl_c_ends_the_rollout_between_two_waves_and_a_second_run_completes_it(
    four: list[Host], site: Controller, when: str
) -> None:
    before, new = serve(four), new_release(site)
    with Running(site) as running, no_request_fails(*four):
        running.reaches(when)
        if when == "Serve":
            # A wave begins a moment after the operation's name is there.
            wait_for("app1 switches", lambda: is_switching(four[0]))
        running.process.send_signal(signal.SIGINT)
        run = running.ends()
        wait_for("app1 has switched", lambda: not is_switching(four[0]), 60)
    assert run.returncode == 130, run.output[-3000:]
    assert not OUR_TRACEBACK.search(run.output), run.output[-3000:]
    if when != "Collect the static files":
        assert f"The rollout of {new} was stopped by Ctrl-C in wave 1 of 3:" in run.output
        assert "Run deploy.py again to complete it" in run.output
        assert serve(four) == [new, *before[1:]]
    else:
        assert "Ended by Ctrl-C" in run.output
        assert serve(four) == before
    site.apply()
    assert serve(four) == [new] * 4
    assert site.plan() == []


@pytest.mark.matrix
def test_a_person_at_a_terminal_is_not_asked_whether_a_failed_rollout_goes_on(
    four: list[Host], site: Controller
) -> None:
    before = serve(four)
    break_switch(four[1])
    returncode, shown = at_a_terminal(site)
    assert returncode == 1, shown[-3000:]
    assert shown.count("Press enter") == 1
    assert "failed in wave 2 of 3, on app2:" in shown
    assert serve(four) == before
    four[3].power_off()
    mend(four[1])
    returncode, shown = at_a_terminal(site)
    assert returncode == 1, shown[-3000:]
    assert "One of more hosts failed to connect, continue?" in shown
    assert "app4: cannot be reached" in shown
    assert serve(four[:3]) == before[:3]


def at_a_terminal(site: Controller) -> tuple[int, str]:
    """Deploy as a person who says yes to every question; the exit code, and what was shown."""
    inventory = site.inventory()
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(REPOSITORY)
        os.environ.update(ENVIRONMENT)
        os.execv(PYINFRA[0], [*PYINFRA, str(inventory), "deploy.py"])
    shown, answered = "", 0
    while True:
        try:
            piece = os.read(terminal, 10_000).decode(errors="replace")
        except OSError:  # Linux has it when the other side is gone
            break
        if not piece:
            break
        shown += piece
        if shown.count("Press enter to execute...") > answered:
            answered += 1
            os.write(terminal, b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown


@pytest.mark.parametrize("word", ["--no-wait", "--serial"])
def test_what_would_break_the_waves_is_refused(
    four: list[Host], site: Controller, word: str
) -> None:
    before = [host.enter("ls ~fooproject/releases").stdout for host in four]
    run = site.pyinfra("deploy.py", "-y", word, check=False)
    assert_told(run, f"{word}: ", "Nothing was changed.")
    assert [host.enter("ls ~fooproject/releases").stdout for host in four] == before


@pytest.mark.matrix
def test_a_rollout_over_some_hosts_has_waves_of_its_own(four: list[Host], site: Controller) -> None:
    before, new = serve(four), new_release(site)
    plan = site.plan("--limit", "app4", "--limit", "app2")
    assert [name for name in plan if "| Serve " in name] == [
        f"Release | Serve {new} (wave 1 of 2)",
        f"Release | Serve {new} (wave 2 of 2)",
    ]
    site.apply("--limit", "app4", "--limit", "app2")
    assert serve(four) == [before[0], new, before[2], new]
    assert attempts(four[1])[-1]["time"] < attempts(four[3])[-1]["time"]
    site.apply("--limit", "app1")
    assert serve(four) == [new, new, before[2], new]
    site.apply()
    assert serve(four) == [new] * 4


@pytest.mark.matrix
@pytest.mark.parametrize("when", ["Unpack", "Migrate the database", "Serve"])
def test_of_two_controllers_one_is_told_and_changes_nothing(
    four: list[Host], site: Controller, when: str
) -> None:
    new = new_release(site)
    with Running(site) as first, no_request_fails(*four):
        first.reaches(when)
        second = site.apply(check=False)
        assert_told(second, "is being deployed to by ", "Nothing was changed.")
        assert first.ends().returncode == 0
    assert serve(four) == [new] * 4


@pytest.mark.matrix
def test_going_back_goes_in_waves_too(four: list[Host], site: Controller) -> None:
    site.apply()
    before = serve(four)
    (site.project() / "changed.txt").write_text("one more")
    site.apply()
    last = serve(four)
    break_switch(four[3])
    with no_request_fails(*four):
        run = site.pyinfra("rollback.py", "-y", check=False)
        assert_told(run, "failed in wave 3 of 3, on app4:")
        assert serve(four) == last
        mend(four[3])
        run = site.pyinfra("rollback.py", "-y", "--json")
    assert run.changed == [
        f"Release | Serve {before[0]} again; the database stays as it is (wave {number} of 3)"
        for number in (1, 2, 3)
    ]
    assert serve(four) == before


@pytest.mark.long
def test_after_a_rollout_over_some_hosts_only_these_go_back(
    four: list[Host], site: Controller
) -> None:
    site.apply()
    (site.project() / "changed.txt").write_text("good")
    site.apply()
    good = serve(four)
    (site.project() / "changed.txt").write_text("bad")
    site.apply("--limit", "app2")
    bad = release_at(four[1])
    for how in ("--dry", "-y"):
        refused = site.pyinfra("rollback.py", how, check=False)
        assert refused.returncode == 1
        assert_told(
            refused,
            f"    app1, app3, app4  serves {good[0]}; before: ",
            f"    app2  serves {bad}; before: {good[0]}",
            f"    rollback.py --data release={good[0]}",
            f"    rollback.py --limit app2  (back to {good[0]})",
        )
    assert serve(four) == [good[0], bad, good[0], good[0]]
    with no_request_fails(*four):
        site.pyinfra("rollback.py", "-y", "--limit", "app2")
    assert serve(four) == good
    site.apply("--limit", "app3")
    run = site.pyinfra("rollback.py", "-y", "--json", "--data", f"release={good[0]}")
    assert run.changed == [
        f"Release | Serve {good[0]} again; the database stays as it is (wave 3 of 3)"
    ]
    assert serve(four) == good


# One database for all

SLOW = """
import time
from pathlib import Path
from django.db import migrations

def wait(apps, schema_editor):
    Path("/tmp/migrating").touch()
    while Path("/etc/no-migrations").exists():
        time.sleep(0.1)

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [migrations.RunPython(wait)]
"""
"""It takes until mend() has been."""


@pytest.fixture
def sharing(four: list[Host], site: Controller) -> Controller:
    """The same hosts with one database, on the first of them."""
    site.groups = {"app": four, "db": [four[0]]}
    site.use_database()
    site.apply("--data", "new_database=True")
    assert site.plan() == []
    return site


@pytest.fixture
def migrating(
    four: list[Host], sharing: Controller, request: pytest.FixtureRequest
) -> Iterator[Running]:
    """A run over them whose first host is at its migration, named after the test, until mended."""
    add_migration(sharing, f"0002_{request.node.name}", SLOW)
    four[0].enter("rm -f /tmp/migrating")
    break_migration(four[0])
    with Running(sharing) as running:
        migrates = "test -e /tmp/migrating"
        wait_for("it migrates", lambda: not four[0].enter(migrates, check=False).returncode, 400)
        yield running


def times_migrated(db: Host, test: str) -> int:
    """How often the migration of a test was applied."""
    return sql(db, "SELECT name FROM django_migrations").count(f"0002_{test}")


@pytest.mark.matrix
def test_the_first_host_migrates_for_all_and_without_it_nothing_switches(
    four: list[Host], sharing: Controller
) -> None:
    add_migration(sharing, "0002_more")
    plan = json.loads(sharing.pyinfra("deploy.py", "--dry", "--json").stdout)["plan"]
    [migrate] = [one for one in plan if "Migrate" in one["name"]]
    assert migrate["hosts_with_change"] == ["app1"]
    before, new = serve(four), new_release(sharing)
    with no_request_fails(*four):
        run = sharing.apply("--exclude", "app1", check=False)
        assert_told(run, "on app2:", "app1 migrates for all hosts, and is not in this run")
        assert serve(four) == before
        told = sharing.pyinfra("restore.py", "-y", "--limit", "app2", check=False)
        assert_told(told, "app1 migrates for all hosts, so it has the dumps: run it for app1.")
        sharing.apply()
    assert serve(four) == [new] * 4
    (sharing.project() / "changed.txt").write_text("without a migration")
    new = new_release(sharing)
    sharing.apply("--exclude", "app1")
    assert serve(four)[1:] == [new] * 3


@pytest.mark.matrix
def test_while_one_run_migrates_for_all_no_other_does(
    four: list[Host], sharing: Controller, migrating: Running, request: pytest.FixtureRequest
) -> None:
    before = serve(four)
    with no_request_fails(*four):
        for words in ([], ["--limit", "app1"], ["--exclude", "app1"]):
            second = sharing.apply(*words, check=False)
            assert_told(second, "is being deployed to by ", "Nothing was changed.")
        assert serve(four) == before
        mend(four[0])
        assert migrating.ends().returncode == 0
    assert not set(serve(four)) & set(before)
    assert times_migrated(four[0], request.node.name) == 1
    assert sharing.plan() == []


@pytest.mark.matrix
def test_ctrl_c_while_the_first_host_migrates_keeps_all_from_switching(
    four: list[Host], sharing: Controller, migrating: Running, request: pytest.FixtureRequest
) -> None:
    before = serve(four)
    with no_request_fails(*four):
        migrating.process.send_signal(signal.SIGINT)
        run = migrating.ends()
        assert run.returncode == 130, run.output[-3000:]
        assert "Ended by Ctrl-C" in run.output
        assert not OUR_TRACEBACK.search(run.output), run.output[-3000:]
        mend(four[0])
        assert serve(four) == before
        sharing.apply()
    assert not set(serve(four)) & set(before)
    assert times_migrated(four[0], request.node.name) == 1
    assert sharing.plan() == []
