"""Commands that run at their times, and what runs once in the fleet."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.systems import host_of
from tests.lab import Host, Lab
from tests.lab.systems import System

pytestmark = pytest.mark.e2e

OFTEN = "*-*-* *:*:00/2"
SCHEDULES = {
    "say": {"command": 'echo "$RELEASE_ID is 5% \\"done\\"" >> data/said', "when": OFTEN},
    "fail": {"command": "manage.py no_such_command", "when": "yearly", "hosts": "each"},
}
UNITS = "cd /etc/systemd/system && ls -d *.schedule-* 2>/dev/null || :"


@pytest.fixture(scope="module")
def two(lab: Lab, deployed_web: Host) -> Iterator[list[Host]]:
    hosts = [lab.host(f"scheduled{number}", layer=DEPLOYED) for number in (1, 2)]
    wait_for("they are up", lambda: all(get(host, "/health").status == 200 for host in hosts))
    yield hosts
    for host in hosts:
        host.power_off()


@pytest.mark.long
def test_a_server_on_which_no_timer_has_run_yet_gets_its_first(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    """Whether a file is newer than none, Debian 12's shell denies, and that of 13 affirms."""
    web = host_of(lab, "timers", System("debian-13"))
    site = controller(web)
    stamps = "/var/lib/systemd/timers"
    web.enter(f"rm -rf {stamps}")
    site.data["schedules"] = {"rare": {"command": "true", "when": "yearly"}}
    site.apply()
    assert web.enter(f"stat -c '%a %U' {stamps}").stdout == "755 root\n"
    assert site.plan() == []


def said(host: Host) -> list[str]:
    return host.enter("cat /home/fooproject/shared/data/said", check=False).stdout.splitlines()


@pytest.mark.long
def test_commands_run_at_their_times_as_the_user_with_the_live_release(
    two: list[Host], controller: Callable[..., Controller]
) -> None:
    first, second = two
    site = controller(*two)
    site.data["schedules"] = SCHEDULES
    site.data["programs"] = {"beat": {"command": "sleep 1000", "hosts": "once"}}
    planned = site.plan()
    assert {f"Schedules | Run say {OFTEN}", "Schedules | Run fail yearly"} <= set(planned)
    assert sorted(site.apply().changed) == sorted(planned)
    assert site.plan() == []
    before = release_at(first)
    wait_for("it has run", lambda: said(first))
    assert said(first)[-1] == f'{before} is 5% "done"'
    owner = first.enter("stat -c %U /home/fooproject/shared/data/said").stdout
    assert owner == "fooproject\n"

    # What is for one is on the first alone.
    assert "say" in first.enter(UNITS).stdout
    assert set(second.enter(UNITS).stdout.split()) == {
        *("fooproject.schedule-fail.service", "fooproject.schedule-fail.timer")
    }
    assert "beat" in first.enter("supervisorctl status").stdout
    assert "beat" not in second.enter("supervisorctl status").stdout

    second.enter("systemctl start fooproject.schedule-fail", check=False)
    told = site.pyinfra("status.py", "--dry").stdout
    assert told.count("failed   fail: exit-code, see ~/logs/schedule-fail.log") == 1
    log = second.enter("cat /var/log/fooproject/schedule-fail.log").stdout
    assert "Unknown command: 'no_such_command'" in log

    (site.project() / "changed.txt").write_text("changed")
    site.apply()
    after = release_at(first)
    wait_for("it is the new release's", lambda: said(first)[-1].startswith(after))

    timer = "/etc/systemd/system/fooproject.schedule-say.timer"
    first.enter(f"sed -i 's/^OnCalendar=.*/OnCalendar=hourly/' {timer}")
    second.enter("systemctl disable -q --now fooproject.schedule-fail.timer")
    mended = [f"Schedules | Run say {OFTEN}", "Schedules | Run fail yearly"]
    assert sorted(site.plan()) == sorted(mended)
    site.apply()
    assert site.plan() == []

    # The first host is another one now.
    site.hosts = [second, first]
    site.apply()
    assert site.plan() == []
    assert "say" not in first.enter(UNITS).stdout
    assert "say" in second.enter(UNITS).stdout
    assert "beat" in second.enter("supervisorctl status").stdout
    assert "beat" not in first.enter("supervisorctl status").stdout

    for when, why in (("now and then", "Failed to parse"), ("2020-01-01", "it is over")):
        site.data["schedules"] = {"say": {"command": "true", "when": when}}
        refused = site.pyinfra("deploy.py", "-y", check=False)
        assert f'schedules["say"].when = "{when}": {why}' in refused.output
        assert "Nothing was changed." in refused.output

    site.data["schedules"] = {}
    site.apply()
    assert [host.enter(UNITS).stdout for host in two] == ["", ""]


STAMP = "/var/lib/systemd/timers/stamp-fooproject.schedule-say.timer"
FILE = "/etc/systemd/system/fooproject.schedule-say.timer"


def runs(host: Host) -> int:
    """How often the schedule has begun since the host was started."""
    begun = "journalctl -q -b -o cat _PID=1 | grep -c '^Starting fooproject.schedule-say' || :"
    return int(host.enter(begun).stdout)


def days_later(host: Host) -> None:
    """The schedule last ran two days ago, and was written down before that."""
    host.enter(
        f"systemctl stop {FILE.rpartition('/')[2]} && touch -d '3 days ago' {FILE} && "
        f"touch -d '2 days ago' {STAMP} && systemctl daemon-reload"
    )


@pytest.mark.long
def test_a_schedule_with_another_time_waits_for_it_and_makes_up_for_what_was_missed(
    web: Host, site: Controller
) -> None:
    def say(when: str) -> None:
        site.data["schedules"] = {"say": {"command": "true", "when": when}}

    say("yearly")
    site.apply()
    days_later(web)
    say("daily")
    site.apply()
    assert site.plan() == []
    assert runs(web) == 0

    # The host was off at midnight.
    days_later(web)
    site.apply()
    wait_for("it has run", lambda: runs(web) == 1)

    days_later(web)
    site.data["schedules"] = {}
    site.apply()
    assert web.enter(f"ls {STAMP}", check=False).stdout == ""
    say("daily")
    site.apply()
    assert site.plan() == []
    assert runs(web) == 1


@pytest.mark.long
def test_what_a_command_says_after_its_log_was_rotated_is_kept(site: Controller, web: Host) -> None:
    site.data["schedules"] = {"say": {"command": "echo first; cat data/pipe", "when": "yearly"}}
    site.apply()
    web.enter("mkfifo /home/fooproject/shared/data/pipe", user="fooproject")
    web.enter("systemctl start --no-block fooproject.schedule-say")
    log = "/var/log/fooproject/schedule-say.log"
    wait_for("it says something", lambda: "first" in web.enter(f"cat {log}", check=False).stdout)
    web.enter("logrotate -f /etc/logrotate.d/fooproject")
    web.enter("echo second > /home/fooproject/shared/data/pipe")
    state = "systemctl show -P ActiveState fooproject.schedule-say"
    wait_for("it ends", lambda: web.enter(state).stdout == "inactive\n")
    assert web.enter(f"cat {log}.1").stdout.split() == ["first", "second"]
