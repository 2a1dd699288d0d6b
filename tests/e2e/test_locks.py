"""One deployment at a time, and a word for cron."""

import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.controller import Controller
from tests.e2e.drifts import CONFIGURE, NGINX
from tests.e2e.http import wait_for
from tests.e2e.rolling import Running
from tests.e2e.test_rollout import NOTICE_SOON
from tests.lab import Host

pytestmark = pytest.mark.e2e


LOCK = "/run/django-stack/fooproject-deploy"
COMMAND = "/run/django-stack/fooproject-command"
HOLD = "/home/fooproject/hold"
WAITS = f"""
import pathlib, time
while pathlib.Path("{HOLD}").exists():
    time.sleep(0.1)
"""
"""What settings do that hold a run up for as long as a file is there."""


def is_held(web: Host, lock: str = LOCK) -> bool:
    # Looked up and not tried for: who tries has the lock for a moment, and a run gives up on that.
    return web.enter(f"find /proc/[0-9]*/fd -lname {lock}", check=False).stdout != ""


def test_a_second_run_stops_at_once_and_says_who_has_the_lock(web: Host, site: Controller) -> None:
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write(WAITS)
    web.enter(f"touch {HOLD}")
    with Running(site) as first:
        wait_for("the first run has the lock", lambda: is_held(web))
        second = site.apply(check=False)
        told = site.pyinfra("status.py").stdout
        seen = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
        [process] = re.findall(r"is dead, end it there as root: kill (\d+)\)", second.output)
        ends = web.enter(f"cat /proc/{process}/comm").stdout
        web.enter(f"rm {HOLD}")
        assert ends.startswith("sshd")
        assert second.returncode == 1
        assert "web is being deployed to by " in second.output
        assert ", since 20" in second.output
        assert "Traceback" not in second.output
        assert first.ends().returncode == 0
    [line] = re.findall(r"^    deploys  (.+, since 20.+ UTC)$", told, re.M)
    assert line in second.output
    assert seen["deploying"] == line
    # The file of the lock still has its name.
    assert line in web.enter(f"cat {LOCK}").stdout
    assert "deploys" not in site.pyinfra("status.py").stdout
    assert site.plan() == []


STOP = "until pkill -STOP -f '^sh -euc cd /; [u]mask'; do sleep 0.01; done"
"""As the project's user: stops the script of the first step that runs as him."""


@pytest.mark.long
def test_a_step_that_its_user_stops_goes_on(web: Host, site: Controller) -> None:
    site.project("project")
    (site.folder / "project" / "new.txt").write_text("a new release")
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(web.enter, STOP, user="fooproject")
        began = time.monotonic()
        assert site.apply().changed
        stopped.result()
    assert time.monotonic() - began < 120
    assert site.plan() == []


@pytest.mark.long
def test_what_a_run_waits_for_of_an_earlier_one_is_said(web: Host, site: Controller) -> None:
    web.enter("echo '# by hand' >> /etc/nginx/nginx.conf")
    with ThreadPoolExecutor() as pool:
        # As long as no run needs to begin, and longer than is waited for in silence.
        script = f"mkdir -p -m 700 {COMMAND.rpartition('/')[0]}; flock {COMMAND} sleep 20"
        orphan = pool.submit(web.enter, script)
        wait_for("the command", lambda: is_held(web, COMMAND))
        told = site.pyinfra("deploy.py", "-y")
        orphan.result()
    assert "waits for a command of an earlier run, which is still running" in told.output
    assert site.plan() == []


@pytest.mark.long
def test_the_lock_of_a_run_that_was_killed_is_free_again(web: Host, site: Controller) -> None:
    site.project("project")
    (site.folder / "project" / "new.txt").write_text("a new release")
    with Running(site):
        wait_for("the first run has the lock", lambda: is_held(web))
    site.apply()
    assert site.plan() == []


def seconds_held(web: Host) -> int:
    """For how long the lock has been held."""
    holder = f"$(find /proc/[0-9]*/fd -lname {LOCK} 2>/dev/null | head -n 1 | cut -d / -f 3)"
    return int(web.enter(f"ps -o etimes= -p {holder}").stdout)


DROPS = """
table inet vanished {
  chain input { type filter hook input priority 0; tcp dport 22 tcp sport PORT drop; }
  chain output { type filter hook output priority 0; tcp sport 22 tcp dport PORT drop; }
}
"""


def lose_connection(site: Controller, web: Host) -> None:
    """Have nothing come through any more of the one SSH connection that the host has."""
    [line] = web.enter("ss -Htn state established sport = :22").stdout.splitlines()
    port = line.split()[-1].rpartition(":")[2]
    inside = ["ip", "netns", "exec", f"lab-{site.lab.name}-{web.name}"]
    subprocess.run(
        [*inside, "nft", "-f", "-"], input=DROPS.replace("PORT", port), text=True, check=True
    )


@pytest.mark.long
def test_the_lock_of_a_run_whose_machine_has_vanished_is_free_again(
    web: Host, site: Controller
) -> None:
    """Asleep, or behind another network: nobody says goodbye, and TCP tries for 15 minutes."""
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write(WAITS)
    web.enter(f"touch {HOLD}")
    with Running(site, lines=NOTICE_SOON) as first:
        wait_for("the first run has the lock", lambda: is_held(web))
        # As long as it takes to see a connection dead: this one is not.
        wait_for("the run has lasted", lambda: seconds_held(web) > 20)
        assert is_held(web)
        lose_connection(site, web)
        first.process.kill()
        second = site.apply(check=False)
        assert "web is being deployed to by " in second.output
        web.enter(f"rm {HOLD}")
        wait_for("the lock is free", lambda: not is_held(web), 40)
    assert web.enter("ss -Htn state established sport = :22").stdout == ""
    site.apply()
    assert site.plan() == []


def test_drift_is_told_by_the_exit_code_and_nothing_is_changed(web: Host, site: Controller) -> None:
    assert site.pyinfra("drift.py").returncode == 0
    told = site.pyinfra("drift.py", "--json")
    assert json.loads(told.stdout) == {"converged": True, "hosts": {"web": []}}
    web.enter("echo '# by hand' >> /etc/nginx/nginx.conf")
    told = site.pyinfra("drift.py", "--json", check=False)
    assert told.returncode == 2
    assert json.loads(told.stdout) == {
        "converged": False,
        "hosts": {"web": [CONFIGURE, NGINX]},
    }
    assert "web: has drifted" in site.pyinfra("drift.py", check=False).stdout
    assert "# by hand" in web.enter("cat /etc/nginx/nginx.conf").stdout
    web.power_off()
    assert site.pyinfra("drift.py", check=False).returncode == 1
