"""Commands that run at their times: their units, and whose they are."""

import shlex

import pytest

from stack.host.files import File
from stack.host.observation import Entry, Observation, Unit
from stack.project.command import quoted
from stack.project.target import Target
from stack.settings import SettingsError, load
from stack.state.leaving import schedules
from stack.state.schedules import failed, is_scheduled, undeclared
from tests.unit.hosts import entry_of

BOTH = {
    "once": {"command": "manage.py clearsessions", "when": "daily"},
    "each": {"command": "true", "when": "hourly", "hosts": "each"},
}


def target(is_first: bool = True, **data: object) -> Target:
    return Target(load({"source": ".", "schedules": BOTH, **data}, "web1"), is_first=is_first)


def text_of(target: Target, name: str, kind: str) -> str:
    [file] = [one for one in target.files.schedules[name] if one.path.endswith(kind)]
    assert isinstance(file, File)
    return file.content


def test_what_is_for_one_host_is_on_the_first() -> None:
    assert list(target().files.schedules) == ["once", "each"]
    assert list(target(is_first=False).files.schedules) == ["each"]


def test_manage_py_is_run_by_the_releases_python() -> None:
    line = ' sh /home/fooproject/fooproject "python manage.py clearsessions"\n'
    assert line in text_of(target(), "once", ".service")
    assert "OnCalendar=daily\n" in text_of(target(), "once", ".timer")


def test_a_command_reaches_the_shell_as_it_was_written() -> None:
    command = 'echo "5% of $HOME" \\n'
    # systemd puts these back, and splits as a shell does.
    back = quoted(command).replace("%%", "%").replace("$$", "$")
    assert shlex.split(back) == [command]


def test_root_enters_no_folder_for_a_command() -> None:
    assert "WorkingDirectory" not in text_of(target(), "once", ".service")


def test_it_is_scheduled_while_its_timer_runs_with_its_files() -> None:
    its = target()
    files = {one.path: entry_of(one, 1) for one in its.files.all}
    runs = {"fooproject.schedule-each.timer": Unit(active="active", enabled="enabled")}
    assert not is_scheduled(Observation(entries=files), its, "each")
    assert is_scheduled(Observation(entries=files, units=runs), its, "each")
    assert not is_scheduled(Observation(units=runs), its, "each")
    stale = {**runs, "fooproject.schedule-each": Unit(is_stale=True, result="exit-code")}
    seen = Observation(entries=files, units=stale)
    assert not is_scheduled(seen, its, "each")
    assert failed(seen, its) == {"each": "exit-code"}


def test_units_that_are_not_this_hosts_are_found_by_their_names() -> None:
    files = {one.path: entry_of(one, 1) for one in target().files.all}
    seen = Observation(entries=files)
    assert undeclared(seen, target(is_first=False)) == ["fooproject.schedule-once"]
    assert undeclared(seen, target(project="foo", wsgi="foo.wsgi")) == []


def test_what_a_person_has_added_to_a_unit_is_no_schedule() -> None:
    """As `systemctl edit` does."""
    files = {one.path: entry_of(one, 1) for one in target().files.all}
    unit = "/etc/systemd/system/fooproject.schedule-once"
    added = {
        f"{unit}.{kind}.d": Entry("directory", "755", "root", "root", 1, 1)
        for kind in ("service", "timer")
    }
    seen = Observation(entries={**files, **added})
    assert undeclared(seen, target()) == []
    assert schedules(seen, target()) == ["fooproject.schedule-each", "fooproject.schedule-once"]
    assert schedules(Observation(entries=added), target()) == []


def test_a_schedule_may_have_the_name_of_a_kind_of_unit() -> None:
    its = target(schedules={"x.service": BOTH["each"], "y.timer": BOTH["each"]})
    seen = Observation(entries={one.path: entry_of(one, 1) for one in its.files.all})
    assert undeclared(seen, its) == []
    assert undeclared(seen, target()) == [
        "fooproject.schedule-x.service",
        "fooproject.schedule-y.timer",
    ]


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ({"command": "true"}, "when"),
        ({"command": "true\n", "when": "daily"}, "one line of shell"),
        ({"command": "true", "when": "daily\nOnBootSec=1"}, "as systemd has it"),
        ({"command": "true", "when": "daily", "hosts": "all"}, '"once" or "each"'),
    ],
)
def test_what_is_no_schedule_is_told(schedule: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        target(schedules={"it": schedule})
