"""A switch that is killed, or whose host loses its power, at any of its steps."""

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, cut_run
from tests.e2e.drifts import LIVE, kind_of
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.matrix import cases
from tests.lab import Host

MOVES = "Gunicorn is to have another address"
STEPS = {
    "the understudy listens": "ls /var/lib/fooproject-understudy/*.sock",
    "Nginx is told of it": "test -e /etc/nginx/conf.d/fooproject-understudy.conf",
    "Nginx is to send visitors there": "grep understudy /etc/nginx/sites-available/default",
    "Gunicorn is gone": "test ! -e /proc/$gunicorn",
    "Gunicorn is new": "test ! -e /proc/$gunicorn && supervisorctl pid django | grep -v '^0$'",
    "Nginx is to send visitors back": (
        "test ! -e /proc/$gunicorn && ! grep understudy /etc/nginx/sites-available/default"
    ),
}
"""What is true on the host from each step on."""
SAYS_SO = {"after_switch": ["echo ran >> data/said"]}
"""The setting `commands` by which a project notes that it was switched to."""
STEPS_OF_A_MOVE = {MOVES: "grep 8123 /etc/supervisor/conf.d/fooproject.conf"}

CASES = cases(STEPS, 1)

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


def at(web: Host, step: str, then: Callable[[], object]) -> threading.Thread:
    """Do something as soon as a step of the switch has come about."""
    is_so = (STEPS | STEPS_OF_A_MOVE)[step]
    watch = f"gunicorn=$(supervisorctl pid django); until {{ {is_so}; }} >/dev/null 2>&1"

    def wait() -> None:
        web.enter(f"{watch}; do sleep 0.01; done", timeout=120)
        then()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def said(web: Host) -> list[str]:
    return web.enter("cat /home/fooproject/shared/data/said").stdout.split()


def kill_switch(web: Host) -> None:
    script = "for p in /proc/[0-9]*; do case $(tr '\\0' ' ' < $p/cmdline) in"
    script += " 'python3 -B -m switch'*) kill -9 ${p#/proc/};; esac; done 2>/dev/null"
    web.enter(script, check=False)


@pytest.mark.parametrize("step", CASES)
def test_a_switch_that_is_killed_loses_no_request_and_the_next_run_completes(
    web: Host, site: Controller, step: str
) -> None:
    (site.project() / "new.txt").write_text("new")
    site.data["commands"] = SAYS_SO
    with Visitors(web) as tally:
        killer = at(web, step, lambda: kill_switch(web))
        run = site.apply(check=False)
        killer.join(120)
        assert run.returncode != 0, f"the switch was over before: {step}"
        assert site.apply().returncode == 0
    print(f"killed when {step}: {tally}")
    assert tally.failed == []
    assert site.plan() == []
    assert said(web) == ["ran"]
    assert web.enter("systemctl list-units --all --plain --no-legend '*understudy*'").stdout == ""


def test_what_a_switch_of_1_0_0_has_left_is_planned_for_and_ended(
    web: Host, site: Controller
) -> None:
    its = "fooproject-understudy-1796046768370178698.service"
    others = "fooproject-understudy-1.service"
    folder = "/run/fooproject-understudy"
    run = "systemd-run -q -p User=fooproject --unit"
    leave = f"{run}={its} sleep 1d; mkdir -m 711 {folder}; chown fooproject {folder}"
    web.enter(f"{run}={others} sleep 1d; {leave}; touch {folder}/1.sock")
    assert [kind_of(name) for name in site.plan()] == [LIVE]
    site.apply()
    assert site.plan() == []
    listed = "systemctl list-units --all --plain --no-legend '*understudy*'"

    def left() -> list[str]:
        units = [line.split()[0] for line in web.enter(listed).stdout.splitlines()]
        return [*units, *web.enter(f"ls -d {folder}", check=False).stdout.split()]

    assert left() == [others]
    web.enter(leave)
    site.pyinfra("remove.py", "-y")
    assert left() == [others]


def test_the_commands_that_a_run_was_cut_before_are_run_once_by_the_next(
    web: Host, site: Controller
) -> None:
    (site.project() / "new.txt").write_text("new")
    site.data["commands"] = SAYS_SO
    before = release_at(web)
    assert cut_run(site, CUTTERS["pyinfra killed"], LIVE, 1)
    wait_for("the host to finish by itself", lambda: release_at(web) != before, 60)
    left = f"Release | Run after_switch of {release_at(web)}"
    wait_for("the switch to end", lambda: site.plan() == [left], 60)
    told = site.pyinfra("deploy.py", "--dry").output
    assert (
        'commands["after_switch"] has not run yet for what is live: echo ran >> data/said' in told
    )
    assert site.apply().changed == [left]
    assert site.plan() == []

    site.pyinfra("rollback.py", "-y")
    assert release_at(web) == before
    assert left not in site.plan()
    assert said(web) == ["ran"]


@pytest.mark.parametrize("step", [*CASES, pytest.param(MOVES, marks=pytest.mark.matrix)])
def test_a_host_that_loses_its_power_serves_again_by_itself(
    web: Host, site: Controller, step: str
) -> None:
    before = release_at(web)
    (site.project() / "new.txt").write_text("new")
    site.data["commands"] = SAYS_SO
    if step == MOVES:
        site.data["bind"] = "127.0.0.1:8123"
    cut = at(web, step, web.power_off)
    # The controller waits for a host that is no more.
    with suppress(subprocess.TimeoutExpired):
        site.pyinfra("deploy.py", "-y", limit=60, check=False)
    cut.join(120)
    web.start()
    wait_for("the site is back", lambda: get(web, "/health").status == 200)
    serving = release_at(web)
    site.apply()
    assert site.plan() == []
    assert said(web) == ["ran"]
    assert release_at(web) != before
    assert serving in (before, release_at(web))
