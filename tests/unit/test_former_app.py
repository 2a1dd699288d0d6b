"""A host that has left the group app, and stays in another: what it ran for the site ends."""

from dataclasses import replace

from stack.inventory.roles import DB
from stack.operations import programs, schedules
from stack.project.release import release_of
from stack.project.target import Target
from stack.settings import load
from stack.state.presence import still_served
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
