"""For what a host is like, what each operation has it do: nothing where all is as declared."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from pyinfra.api import State, StringCommand
from pyinfra.api.exceptions import DeployError

from stack.commands import build, migrations, nginx, programs, timers
from stack.commands import files as file_commands
from stack.commands import leaving as leaving_commands
from stack.commands import release as release_commands
from stack.commands import system as system_commands
from stack.facts.contents import Contents, HomeContents
from stack.facts.no_way_back import NoWayBack
from stack.facts.pending import PendingMigrations
from stack.facts.unshared import Unshared, UnsharedPaths
from stack.facts.written import Asked, Written, WrittenFiles
from stack.host.observation import Entry, Observation, Unit, User
from stack.host.recorded import Project
from stack.operations import earlier, files, release, schedules, services, system, unpacking
from stack.operations import migrations as migrating
from stack.operations import programs as beside
from stack.operations.leaving import files as left_files
from stack.operations.leaving import home as left_home
from stack.operations.leaving import services as left_services
from stack.project.leaving import Belongings
from stack.project.nginx_files import NGINX_OUTLASTS
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD, SUPERVISOR_OUTLASTS
from stack.project.target import Target
from stack.run import lock
from stack.source import SourceError
from stack.state.placement import place
from stack.state.services import SOCKET
from stack.state.written import refusal
from tasks import leaving
from tests.unit.hosts import (
    SAMPLE,
    WORKER,
    converged,
    home_entry,
    link,
    sample_target,
    with_entry,
    with_process,
    with_unit,
    without,
)
from tests.unit.operating import Facts, as_sent, plan

made = sample_target.__wrapped__
"""Also of settings that cannot be remembered, for they are dicts."""
TARGET = made(
    programs={"worker": "celery -A shop worker"},
    schedules={"tidy": {"command": "true", "when": "daily"}},
)
LAYOUT = TARGET.layout
WORKER_FILE = TARGET.files.programs["worker"].path
PACKAGES = ("nginx", "supervisor")
CONF = "/etc/nginx/nginx.conf"
STRAY = "/etc/nginx/sites-enabled/a-copy"
OLD_PROGRAM = "/etc/supervisor/conf.d/fooproject-old.conf"
OLD_TIMER = "/etc/systemd/system/fooproject.schedule-old.timer"
FILE = Entry("file", "644", "root", "root", 1.0, 1.0)
USER = User(
    str(LAYOUT.home), "/bin/bash", "users", frozenset({"sudo", "nogroup", LAYOUT.log_group})
)
NEIGHBOUR = Project("shop", program="shop", site="/etc/nginx/sites-available/shop")


def whole() -> Observation:
    """A host on which nothing is left to do."""
    seen = converged(TARGET)
    site = next(one for one in seen.processes if "RELEASE_FOLDER" in one.environment)
    text = TARGET.files.programs["worker"].content
    identity = {
        **site.environment,
        "SUPERVISOR_PROCESS_NAME": "worker",
        "PROGRAM_ID": text.partition('PROGRAM_ID="')[2].partition('"')[0],
    }
    timer = Unit("loaded", "active", "enabled")
    return replace(
        seen,
        packages=frozenset(PACKAGES),
        groups=frozenset({"sudo", "nogroup", "users"}),
        user=USER,
        entries={
            **seen.entries,
            str(LAYOUT.home): home_entry("directory", "711"),
            str(LAYOUT.releases): home_entry("directory", "711"),
            str(LAYOUT.home / "logs"): link(str(LAYOUT.logs)),
        },
        units={**seen.units, "fooproject.schedule-tidy.timer": timer},
        processes=(*seen.processes, replace(site, pid=22, environment=identity)),
    )


HOST = whole()
HERE = place(TARGET, HOST)


def with_old_release(seen: Observation) -> Observation:
    """The release before is still live."""
    old = LAYOUT.releases / "old"
    entries = {
        **seen.entries,
        str(LAYOUT.live): link("releases/old"),
        str(old): home_entry("directory", "711"),
        str(old / ".built"): home_entry("file", "600"),
    }
    return replace(seen, entries=entries)


CLOSED = {"mode": "700", "owner": "root", "group": "root"}


def adding(path: str, entry: Entry = FILE) -> Callable[[Observation], Observation]:
    return lambda seen: replace(seen, entries={**seen.entries, path: entry})


def put_live() -> StringCommand:
    """The command by which the release of the settings takes over."""
    names = HERE.folder.name, HERE.virtualenv.name
    return release_commands.put_live(TARGET, *names, lock.WHO, revision="HEAD")


Case = tuple[
    Callable[..., object], dict[str, Any], Callable[[Observation], Observation], list[StringCommand]
]
CASES: Mapping[str, Case] = {
    "a package is missing": (
        system.packages_installed,
        {"packages": PACKAGES},
        lambda seen: replace(seen, packages=frozenset({"nginx"})),
        [system_commands.install(["supervisor"], held=PACKAGES)],
    ),
    "the user has other groups": (
        system.user_present,
        {},
        lambda seen: replace(seen, user=replace(USER, groups=frozenset({"docker"}))),
        [system_commands.change_user(TARGET, sorted(USER.groups), is_first=False)],
    ),
    "the user was deleted, and his files have but his number": (
        system.user_present,
        {},
        lambda seen: with_entry(replace(seen, user=None), LAYOUT.home, owner="1234"),
        [system_commands.create_user(TARGET, sorted(USER.groups), "1234")],
    ),
    "nobody passes through the home": (
        system.user_present,
        {},
        lambda seen: with_entry(seen, LAYOUT.home, mode="700"),
        [system_commands.own_home(TARGET)],
    ),
    "nobody passes through the releases": (
        system.user_present,
        {},
        lambda seen: with_entry(seen, LAYOUT.releases, mode="700"),
        [system_commands.open_releases(LAYOUT)],
    ),
    "others look into what is shared, by what the home has inherited": (
        system.user_present,
        {},
        adding(str(LAYOUT.shared), home_entry("directory", "755")),
        [system_commands.own_home(TARGET), system_commands.close_shared(LAYOUT)],
    ),
    "~/logs leads elsewhere": (
        system.logs_linked,
        {},
        lambda seen: with_entry(seen, LAYOUT.home / "logs", target="/tmp"),
        [system_commands.link_logs(LAYOUT)],
    ),
    "a file was touched by somebody": (
        files.in_place,
        {"files": [*TARGET.files.nginx, TARGET.files.link], "check": nginx.takes_it(TARGET)},
        lambda seen: with_entry(seen, CONF, mode="666"),
        [file_commands.put(TARGET.files.nginx, nginx.takes_it(TARGET))],
    ),
    "a file that nobody wants any longer is there": (
        files.gone,
        {"paths": [OLD_PROGRAM, "/etc/supervisor/conf.d/fooproject-older.conf"]},
        adding(OLD_PROGRAM),
        [file_commands.remove([OLD_PROGRAM])],
    ),
    "Nginx has not read its files": (
        services.nginx_loaded,
        {"files": [*TARGET.files.nginx, *TARGET.files.site]},
        lambda seen: replace(seen, nginx_changed=50.0),
        [nginx.load(TARGET)],
    ),
    "Nginx does not start by itself": (
        services.nginx_loaded,
        {"files": TARGET.files.nginx},
        lambda seen: with_unit(seen, "nginx", enabled="disabled"),
        [nginx.load(TARGET)],
    ),
    "systemd would stop Nginx for one process": (
        services.outlasting,
        {},
        lambda seen: with_unit(seen, "nginx", drop_ins=()),
        [
            file_commands.put([NGINX_OUTLASTS, SUPERVISOR_OUTLASTS]),
            system_commands.read_units(),
        ],
    ),
    "what keeps supervisord up was not read": (
        services.outlasting,
        {},
        lambda seen: with_unit(seen, "supervisor", is_stale=True),
        [
            file_commands.put([NGINX_OUTLASTS, SUPERVISOR_OUTLASTS]),
            system_commands.read_units(),
        ],
    ),
    "a signal has stopped supervisord": (
        services.supervisor_continued,
        {},
        lambda seen: replace(seen, supervisor_is_stopped=True),
        [system_commands.continue_supervisor()],
    ),
    "somebody has closed the socket": (
        services.socket_guarded,
        {},
        lambda seen: with_entry(seen, SOCKET, **CLOSED),
        [system_commands.open_socket()],
    ),
    "a neighbour has come, whose programs the user could stop": (
        services.socket_guarded,
        {},
        lambda seen: replace(seen, projects=(NEIGHBOUR,)),
        [file_commands.put([CLOSED_SOCKET]), system_commands.close_socket()],
    ),
    "the socket is closed, and would be open for a moment after a boot": (
        services.socket_guarded,
        {},
        lambda seen: with_entry(replace(seen, projects=(NEIGHBOUR,)), SOCKET, **CLOSED),
        [file_commands.put([CLOSED_SOCKET]), system_commands.close_socket()],
    ),
    "the neighbours are gone, and the socket would be closed after a boot": (
        services.socket_guarded,
        {},
        adding(CLOSED_SOCKET.path),
        [system_commands.open_socket()],
    ),
    "an earlier version has closed the socket, and the neighbours are gone": (
        services.socket_guarded,
        {},
        adding(FORMER_GUARD),
        [system_commands.open_socket()],
    ),
    "another site has our name": (
        services.nginx_conflicts_put_aside,
        {"files": TARGET.files.all},
        lambda seen: replace(
            seen, nginx_files={STRAY: "server { listen 80; server_name fooproject.se; }"}
        ),
        [system_commands.put_aside([STRAY])],
    ),
    "something else declares the program": (
        services.supervisor_conflicts_put_aside,
        {},
        lambda seen: replace(
            seen, supervisor_strays=(("/etc/supervisor/conf.d/hand.conf", "[program:django]"),)
        ),
        [system_commands.put_aside(["/etc/supervisor/conf.d/hand.conf"])],
    ),
    "the code is not there": (
        unpacking.unpacked,
        {},
        lambda seen: without(seen, HERE.folder / ".unpacked"),
        [programs.judge(TARGET), build.unpack(HERE)],
    ),
    "another release is live": (release.live, {}, with_old_release, [put_live()]),
    "visitors are sent elsewhere": (
        release.live,
        {},
        lambda seen: replace(seen, proxied_to="http://127.0.0.1:9"),
        [put_live()],
    ),
    "the database is not migrated": (
        migrating.migrated,
        {},
        lambda seen: without(seen, HERE.folder / ".migrated"),
        [migrations.migrate(HERE, False, lock.RUN)],
    ),
    "a program beside the site was killed": (
        beside.running,
        {"program": "worker"},
        lambda seen: replace(seen, processes=HOST.processes[:-1]),
        [programs.run(LAYOUT, "worker", WORKER_FILE, str(HERE.folder))],
    ),
    "a program's file was changed": (
        beside.running,
        {"program": "worker"},
        lambda seen: with_entry(seen, TARGET.files.programs["worker"].path, sha256="other"),
        [
            programs.write(TARGET.files.programs["worker"]),
            programs.run(LAYOUT, "worker", WORKER_FILE, str(HERE.folder)),
        ],
    ),
    "a program is no longer declared": (
        beside.others_removed,
        {},
        adding(OLD_PROGRAM),
        [*programs.remove([("old", OLD_PROGRAM)])],
    ),
    "an old program's file declares one of today's, and was put aside": (
        beside.others_removed,
        {},
        lambda seen: replace(
            adding(OLD_PROGRAM)(seen), supervisor_strays=((OLD_PROGRAM, "[program:worker]"),)
        ),
        [],
    ),
    "a timer was stopped": (
        schedules.scheduled,
        {"schedule": "tidy"},
        lambda seen: with_unit(seen, "fooproject.schedule-tidy.timer", active="inactive"),
        timers.run("fooproject.schedule-tidy", []),
    ),
    "a timer's file is gone": (
        schedules.scheduled,
        {"schedule": "tidy"},
        lambda seen: without(seen, "/etc/systemd/system/fooproject.schedule-tidy.timer"),
        timers.run("fooproject.schedule-tidy", TARGET.files.schedules["tidy"][1:]),
    ),
    "a schedule is no longer declared": (
        schedules.others_removed,
        {},
        adding(OLD_TIMER),
        [timers.remove(["fooproject.schedule-old"])],
    ),
}
FACTS: Facts = {PendingMigrations: ["shop.0002_more"], WrittenFiles: {}}


@pytest.mark.parametrize("case", CASES)
def test_an_operation_does_what_is_left_to_do_and_nothing_else(case: str) -> None:
    operation, words, drift, wanted = CASES[case]
    assert plan(operation, TARGET, HOST, FACTS, **words) == []
    assert plan(operation, TARGET, drift(HOST), FACTS, **words) == as_sent(TARGET, *wanted)


@pytest.mark.parametrize("entry", [home_entry("directory", "710"), link("/srv/shared")])
def test_what_is_shared_is_let_be_where_nginx_passes_or_it_is_elsewhere(entry: Entry) -> None:
    seen = adding(str(LAYOUT.shared), entry)(HOST)
    assert plan(system.user_present, TARGET, seen) == []


def test_a_group_that_a_host_does_not_have_is_refused_unless_packages_may_bring_it() -> None:
    target = made(user_groups=["docker"])
    seen = replace(converged(target), groups=frozenset({"sudo", "users"}), user=None)
    whole = replace(seen, packages=frozenset(target.packages))
    [(refused, _)] = plan(system.user_present, target, whole)
    assert "user_groups: " in refused
    assert "has no group docker" in refused
    bare = replace(seen, packages=frozenset())
    assert "useradd" in plan(system.user_present, target, bare)[0][0]


def test_nginx_is_not_reloaded_for_what_the_switch_will_reload() -> None:
    seen = with_old_release(replace(HOST, nginx_changed=50.0))
    files_ = [*TARGET.files.nginx, *TARGET.files.site]
    assert plan(services.nginx_loaded, TARGET, seen, files=files_) == []


def test_going_back_reloads_nginx_unless_the_release_is_live_already() -> None:
    back = replace(TARGET, release=None)
    seen, files_ = replace(HOST, nginx_changed=50.0), [TARGET.files.link, *TARGET.files.site]
    live = place(TARGET, HOST).folder.name
    assert plan(services.nginx_loaded, back, seen, files=files_, folder="old-1") == []
    assert plan(services.nginx_loaded, back, seen, files=files_, folder=live) != []


def test_what_is_for_another_host_is_let_be() -> None:
    one = {"command": "celery beat", "hosts": "once"}
    target = replace(made(programs={"beat": one}), is_first=False)
    assert plan(beside.running, target, converged(target), program="beat") == []


def test_commands_after_the_switch_follow_it() -> None:
    target = made(commands={"after_switch": ["manage.py warm"]})
    seen = converged(target)
    assert plan(release.live, target, seen) == []
    sent = plan(release.live, target, replace(seen, proxied_to="http://127.0.0.1:9"))
    name = place(target, seen).folder.name
    after = release_commands.after_switch(target.layout, name, ["manage.py warm"])
    assert len(sent) == 2
    assert sent[1:] == as_sent(target, after)
    # What takes the release live leaves word of them; a run may be cut in between.
    follows = " --commands-follow "
    assert follows in sent[0][0]
    [(switched, *_)] = plan(release.live, made(), replace(seen, proxied_to="http://127.0.0.1:9"))
    assert follows not in switched


def test_commands_that_a_cut_run_has_not_run_after_the_switch_are_run_by_the_next() -> None:
    target = made(commands={"after_switch": ["manage.py warm"]})
    seen = converged(target)
    assert plan(release.followed, target, seen) == []
    folder = place(target, seen).folder
    owing = adding(f"{folder}/.after", home_entry("file", "644"))(seen)
    after = release_commands.after_switch(target.layout, folder.name, ["manage.py warm"])
    assert plan(release.followed, target, owing) == as_sent(target, after)
    # The switch itself runs them where it is yet to be made.
    not_live = replace(owing, proxied_to="http://127.0.0.1:9")
    assert plan(release.followed, target, not_live) == []
    assert len(plan(release.live, target, not_live)) == 2


def test_a_release_that_has_written_what_nobody_else_has_is_not_left_or_removed() -> None:
    old = str(LAYOUT.releases / "old")
    written: Facts = {WrittenFiles: {old: Written(files=("src/upload.jpg",))}}
    seen = with_old_release(HOST)
    [(refused, _)] = plan(earlier.nothing_left_behind, TARGET, seen, written)
    assert "upload.jpg" in refused
    assert plan(earlier.nothing_left_behind, TARGET, seen, {WrittenFiles: {}}) == []
    assert plan(earlier.nothing_left_behind, TARGET, HOST) == []


MANY = [f"{number:012}-{'b' * 50}" for number in range(3000)]
COMMAND_LINE = 100_000
"""Bytes: Linux has no word longer than 131,072, and a login shell gets the line as one."""


def test_however_many_releases_there_are_their_names_fill_no_command_line() -> None:
    many = {str(LAYOUT.releases / name): home_entry("directory", "711") for name in MANY}
    seen = replace(HOST, entries={**HOST.entries, **many})
    [(removed, names)] = plan(earlier.old_ones_removed, TARGET, seen, {WrittenFiles: {}})
    assert len(removed) < COMMAND_LINE
    assert names == [f"./{name}" for name in MANY]
    asked = Asked(LAYOUT, [LAYOUT.releases / name for name in MANY])
    assert len(WrittenFiles().command(asked).get_raw_value()) < COMMAND_LINE
    assert len(str(asked)) < 100
    going = [f"releases/{name}" for name in MANY]
    for command in leaving_commands.home(LAYOUT, going, going):
        assert len(command.get_raw_value()) < COMMAND_LINE


BY_HAND = adding(str(LAYOUT.live), home_entry("directory", "755"))(HOST)


def test_a_site_made_by_hand_is_not_put_aside_with_what_is_to_be_shared() -> None:
    target = made(shared=["data", "db.sqlite3"], media_root="media")
    found = [
        Unshared("move", "src", "db.sqlite3"),
        Unshared("link", ".", "media"),
        Unshared("copy", "src", "data"),
        Unshared("move", "src", "x; reboot"),
    ]
    [(refused, _)] = plan(earlier.nothing_left_behind, target, BY_HAND, {UnsharedPaths: found})
    line = shlex.split(refused.partition("< /dev/null")[0])[-1]
    assert "reboot" not in line
    assert "/fooproject/src/db.sqlite3, /home/fooproject/fooproject/media, " in line
    stop, command, start = re.findall(r"supervisorctl \w+ django|runuser .*(?=; supervis)", line)
    assert (stop, start) == ("supervisorctl stop django", "supervisorctl start django")
    assert shlex.split(command)[:5] == ["runuser", "-u", "fooproject", "--", "sh"]
    stopped = replace(BY_HAND, processes=())
    [(refused, _)] = plan(earlier.nothing_left_behind, target, stopped, {UnsharedPaths: found})
    assert "while nothing writes to it, as root: runuser" in refused


def test_a_site_made_by_hand_makes_way_once_it_has_nothing_that_is_to_be_shared() -> None:
    assert plan(earlier.nothing_left_behind, TARGET, BY_HAND, {UnsharedPaths: []}) == []
    [(refused, _)] = plan(earlier.nothing_left_behind, TARGET, BY_HAND, {UnsharedPaths: None})
    assert "could not be read to its end" in refused


def test_what_was_not_read_to_its_end_is_not_taken_for_nothing() -> None:
    seen = with_old_release(HOST)
    fact = WrittenFiles()
    old = str(LAYOUT.releases / "old")
    assert fact.process([f"r {old}", "f source/upload.jpg"]) == {old: None}
    assert fact.default() is None
    assert fact.process([f"r {old}", "e"]) == {old: Written()}
    [(refused, _)] = plan(earlier.nothing_left_behind, TARGET, seen, {WrittenFiles: None})
    assert "could not be read to its end" in refused
    torn = adding(str(LAYOUT.releases / "torn"), home_entry("directory", "711"))(HOST)
    assert len(plan(earlier.old_ones_removed, TARGET, torn, {WrittenFiles: {}})) == 1
    for unread in (None, {str(LAYOUT.releases / "torn"): None}):
        assert plan(earlier.old_ones_removed, TARGET, torn, {WrittenFiles: unread}) == []
    other: Facts = {WrittenFiles: {str(LAYOUT.releases / "other"): None}}
    assert len(plan(earlier.old_ones_removed, TARGET, torn, other)) == 1


def test_old_releases_go_before_one_that_has_no_room_beside_them() -> None:
    torn = adding(str(LAYOUT.releases / "torn"), home_entry("directory", "711"))(HOST)
    full = replace(without(torn, HERE.folder / ".unpacked"), free_bytes=0)
    [removing] = plan(earlier.room_made, TARGET, full, {WrittenFiles: {}})
    assert removing in as_sent(
        TARGET, *release_commands.remove(LAYOUT, [str(LAYOUT.releases / "torn")], 60)
    )
    # They are gone by then.
    assert plan(earlier.old_ones_removed, TARGET, full, {WrittenFiles: {}}) == []
    # And how much room they make, a plan does not know.
    assert not any("MB free" in sent for sent, _ in plan(unpacking.unpacked, TARGET, full))
    alone = replace(without(HOST, HERE.folder / ".unpacked"), free_bytes=0)
    assert any("MB free" in sent for sent, _ in plan(unpacking.unpacked, TARGET, alone))
    # Elsewhere they go once it is live.
    roomy = without(torn, HERE.folder / ".unpacked")
    assert plan(earlier.room_made, TARGET, roomy, {WrittenFiles: {}}) == []
    assert len(plan(earlier.old_ones_removed, TARGET, roomy, {WrittenFiles: {}})) == 1


def test_a_way_back_that_was_not_told_to_the_end_is_none() -> None:
    fact = NoWayBack()
    assert fact.process(["end"]) == []
    for told in (fact.default(), fact.process(["shop.0002 cannot"]), fact.process([""])):
        assert "was not told within 300 s" in told[-1]
    assert "were not told within 300 s" in PendingMigrations().default()[0]


def test_what_a_person_is_to_do_is_of_declared_paths_and_quoted() -> None:
    target = made(shared=["data", "my.data"])
    live = str(target.layout.releases / "old")
    found = {live: Written(shared=("x'; reboot; '", "my.data", "data"))}
    here = place(target, HOST)
    line = refusal(here, "old", found)
    assert "The live release has data, my.data in its own folder. Stop the site" in line
    assert "reboot" not in line
    command = line.partition("runuser -u fooproject -- ")[2].rpartition("; supervisorctl")[0]
    [shell, option, script] = shlex.split(command)
    assert (shell, option) == ("sh", "-c")
    # No file of his is for others to read meanwhile.
    assert script.startswith("set -e; umask 077; mkdir -p /home/fooproject/shared; mv -nT ")
    there, own = "/home/fooproject/shared/my.data", "/home/fooproject/fooproject/src/my.data"
    assert f"ln -sT {there} {own}" in script
    assert refusal(here, "old", {live: Written(shared=("x; reboot",))}) == ""


def test_a_site_that_a_person_has_stopped_is_not_started_by_what_he_is_to_do() -> None:
    target = made(shared=["my.data"])
    stopped = place(target, replace(HOST, processes=()))
    found = {str(target.layout.releases / "old"): Written(shared=("my.data",))}
    line = refusal(stopped, "old", found)
    assert "Move it to /home/fooproject/shared while nothing writes to it, as root: run" in line
    assert "supervisorctl" not in line


def test_a_worker_that_came_back_young_does_not_hide_that_nginx_has_to_reload() -> None:
    seen = with_process(replace(HOST, nginx_changed=50.0), WORKER, started=60.0)
    sent = plan(services.nginx_loaded, TARGET, seen, files=TARGET.files.nginx)
    assert sent == as_sent(TARGET, nginx.load(TARGET))


def test_an_understudy_of_1_0_0_leaves_with_the_project_and_no_others_does() -> None:
    number, folder = 1796046768370178698, "/run/fooproject-understudy"
    its, others = (f"{name}-understudy-{number}.service" for name in ("fooproject", "shop"))
    units = {f"/run/systemd/transient/{name}": FILE for name in (its, others)}
    bare = {str(LAYOUT.library): home_entry("directory", "755"), **units}
    seen = replace(HOST, entries={**bare, folder: home_entry("directory", "711")})
    sent = plan(left_services.programs_ended, TARGET, seen)
    assert sent == as_sent(TARGET, leaving_commands.end([its]))
    sent = plan(left_files.files_removed, TARGET, seen)
    assert sent == as_sent(TARGET, leaving_commands.files([folder]))
    somebodys = replace(home_entry("directory", "711"), owner="shop")
    left = replace(HOST, entries={**bare, folder: somebodys})
    assert plan(left_files.files_removed, TARGET, left) == []


def test_a_supervisord_that_a_signal_has_stopped_goes_on_before_a_project_leaves() -> None:
    stopped = replace(HOST, supervisor_is_stopped=True)
    first = as_sent(TARGET, system_commands.continue_supervisor())
    assert plan(left_services.programs_ended, TARGET, stopped)[: len(first)] == first


LEAVING = (
    *(left_services.nginx_left, left_services.programs_ended, left_services.schedules_ended),
    *(left_services.supervisor_given_back, left_services.certificates_forgotten),
    *(left_services.socket_opened, left_files.files_removed),
    left_files.data_removed,
)


@pytest.mark.parametrize("operation", LEAVING)
def test_nothing_leaves_a_host_on_which_no_deployment_was(operation: Any) -> None:
    nobodys = replace(HOST, projects=(), entries={STRAY: FILE, str(LAYOUT.home): FILE}, units={})
    assert plan(operation, TARGET, nobodys) == []
    assert plan(operation, TARGET, Observation()) == []


@pytest.mark.parametrize(
    "operation",
    [left_home.releases_removed, left_home.user_removed, left_files.traces_removed],
)
def test_a_user_of_that_name_without_a_deployment_stays(operation: Any) -> None:
    record = {Belongings(LAYOUT).account: FILE}
    entries = {str(LAYOUT.home): FILE, **record}
    nobodys = replace(HOST, projects=(), entries=entries, texts={}, units={})
    assert plan(operation, TARGET, nobodys, everything=True) == []


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("staying", [(), ("shared",)])
@pytest.mark.parametrize("kind", ["directory", "link"])
def test_a_plan_to_leave_says_of_the_user_what_is_done_to_him(
    everything: bool, staying: tuple[str, ...], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Entry(kind, "755", "fooproject", "users", 1.0, 1.0)
    seen = replace(
        HOST,
        user=User(str(LAYOUT.home), "/bin/bash", "users", frozenset({"sudo"})),
        entries={**HOST.entries, str(LAYOUT.home): home},
    )
    facts = {HomeContents: Contents(staying=staying, is_whole=True)}
    operation, task = cast(tuple[Any, Any], (left_home.user_removed, leaving.user))
    sent: dict[str, str] = {}

    def user_removed(name: str, target: Target, everything: bool) -> None:
        [command] = operation.__wrapped__(target, everything)
        sent[name] = command.get_raw_value()

    def operations(target: Target) -> Iterator[StringCommand]:
        task.__wrapped__(target, everything)
        yield from ()

    monkeypatch.setattr(left_home, "user_removed", user_removed)
    monkeypatch.setattr(left_services, "socket_opened", lambda **_: None)
    plan(operations, TARGET, seen, facts)
    [(name, command)] = sent.items()
    assert (name == "Remove fooproject and its home") == ("/home/fooproject" in command.split())
    assert name in ("Remove fooproject and its home", "Take fooproject's groups away")


def test_what_is_not_committed_is_told_also_where_the_commit_is_on_the_host(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "project")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *identity, *words], cwd=tmp_path / "project", check=True)
    target = made(source=str(tmp_path / "project"))
    (tmp_path / "project" / "forgotten.py").touch()
    assert plan(unpacking.unpacked, target, converged(target)) == []
    assert "and so not deployed: forgotten.py" in caplog.text


@pytest.mark.parametrize(
    ("executing", "told"),
    [
        (False, "Nothing was changed."),
        (True, "This step changed nothing; those above it are done."),
    ],
)
def test_a_source_that_cannot_be_packed_is_told_with_what_was_changed_before(
    monkeypatch: pytest.MonkeyPatch, executing: bool, told: str
) -> None:
    def archive(source: object) -> None:
        raise SourceError("source", "shop", "cannot be read: an object is missing")

    monkeypatch.setattr(type(TARGET.app.source), "archive", archive)
    monkeypatch.setattr(State, "is_executing", executing)
    with pytest.raises(DeployError) as caught:
        plan(unpacking.unpacked, TARGET, Observation(python="3.11"))
    assert str(caught.value) == f'source = "shop": cannot be read: an object is missing. {told}'


def test_what_an_account_loses_that_was_there_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    was = replace(USER, home="/srv/shop", groups=USER.groups | {"devs", "audio"})
    plan(system.user_present, TARGET, replace(HOST, user=was))
    assert "fooproject is there, and leaves the groups audio, devs" in caplog.text
    assert f"gets the home {LAYOUT.home} in place of /srv/shop" in caplog.text
    caplog.clear()
    plan(system.user_present, TARGET, HOST)
    assert caplog.text == ""
