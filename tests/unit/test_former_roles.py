"""A host that has left a group, and stays in another: what it ran there ends, or is told."""

from dataclasses import replace

from stack.database.observation import Answer, Server
from stack.host.observation import Unit
from stack.host.recorded import Project
from stack.inventory.roles import DB, LB
from stack.operations import programs, schedules
from stack.project.release import release_of
from stack.project.target import Target
from stack.settings import load
from stack.state.former import had_database, still_balanced, still_served, still_stored
from stack.state.schedules import undeclared
from tests.unit.hosts import GUNICORN, SAMPLE, converged, with_process, with_unit
from tests.unit.operating import plan

DATA = {
    "source": SAMPLE,
    "env": {"SECRET_KEY": "s3cret"},
    "programs": {
        "ticker": {"command": "python ticker.py", "hosts": "once"},
        "worker": {"command": "python worker.py"},
    },
    "schedules": {
        "tidy": {"command": "true", "when": "hourly"},
        "each": {"command": "true", "when": "hourly", "hosts": "each"},
    },
}
SETTINGS = load(DATA, "web1")
APP = Target(SETTINGS, release=release_of(SETTINGS))
FORMER: Target = replace(APP, roles=frozenset({DB}), release=None, is_first=False)
SEEN = converged(APP)


def test_its_programs_and_schedules_end_by_the_plan_those_of_every_host_too() -> None:
    ticker, worker = plan(programs.others_removed, FORMER, SEEN)
    assert "ticker" in ticker[0]
    assert "worker" in worker[0]
    assert undeclared(SEEN, FORMER) == ["fooproject.schedule-each", "fooproject.schedule-tidy"]
    assert len(plan(schedules.others_removed, FORMER, SEEN)) == 1


def test_a_host_that_stays_in_app_keeps_them() -> None:
    assert plan(programs.others_removed, APP, SEEN) == []
    assert plan(schedules.others_removed, APP, SEEN) == []


def test_a_site_that_it_still_runs_is_told_with_what_to_do() -> None:
    told = still_served(SEEN, FORMER)
    assert "is not in app, and still runs" in told
    assert "`rm /etc/supervisor/conf.d/fooproject.conf && supervisorctl update django`" in told
    assert still_served(SEEN, APP) == ""
    assert still_served(with_unit(SEEN, "supervisor", pid=0), FORMER) == ""
    its = {"SUPERVISOR_PROCESS_NAME": "django", "RELEASE_FOLDER": "/home/shop/releases/1"}
    assert still_served(with_process(SEEN, GUNICORN, environment=its), FORMER) == ""


SITE = "/etc/nginx/sites-enabled/default"
BALANCED = replace(
    converged(APP),
    projects=(Project("fooproject", ("shop.example",), SITE.replace("enabled", "available")),),
    nginx_files={SITE: "upstream fooproject {\n    server 10.0.0.1:80;\n}\n"},
)


def test_a_site_that_it_still_balances_is_told_with_what_to_do() -> None:
    told = still_balanced(BALANCED, FORMER)
    assert told.startswith("is not in lb, and still balances shop.example: put it back in lb, or")
    assert f"`rm {SITE} && systemctl reload nginx`" in told
    assert still_balanced(BALANCED, replace(FORMER, roles=frozenset({LB}))) == ""
    # There the app's own site takes its place.
    assert still_balanced(BALANCED, APP) == ""
    assert still_balanced(with_unit(BALANCED, "nginx", active="inactive"), FORMER) == ""
    assert still_balanced(SEEN, FORMER) == ""
    others = replace(BALANCED, nginx_files={SITE: "upstream shop {"})
    assert still_balanced(others, FORMER) == ""


def test_a_database_that_it_still_has_is_told_with_what_to_do() -> None:
    had = replace(SEEN, projects=(Project("fooproject", has_database=True),))
    assert had_database(had, APP)
    assert not had_database(had, FORMER)
    assert not had_database(SEEN, APP)
    timer = {"fooproject-dump.timer": Unit(active="active")}
    server = Server(answer=Answer(1.0, False, owner="fooproject"), units=timer)
    told = still_stored(server, APP)
    assert "still has the database fooproject, which is dumped every night: put it back" in told
    assert "`systemctl disable --now fooproject-dump.timer && runuser -u postgres --" in told
    assert "dumped" not in still_stored(replace(server, units={}), APP)
    assert still_stored(Server(answer=Answer(1.0, False)), APP) == ""
