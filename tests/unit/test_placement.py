"""How far a release is on a host, and which others can go."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from stack.host.observation import LogEntry, Observation
from stack.state.history import before_live, mark_of, server_of
from stack.state.interpreters import left_by, unneeded
from stack.state.live import is_live, is_served
from stack.state.placement import place
from stack.state.room import gone_for_room, lacks_room
from stack.state.superfluous import superfluous
from tests.unit.hosts import (
    GUNICORN,
    SUPERVISOR,
    converged,
    home_entry,
    link,
    sample_target,
    with_entry,
    with_process,
    with_unit,
    without,
)

Change = Callable[[Observation], Observation]

TARGET = sample_target()
LAYOUT = TARGET.layout
HOST = converged(TARGET)
HERE = place(TARGET, HOST)
WITH_ENV = HERE.folder / "with-env"
IDENTITY = next(p.environment for p in HOST.processes if p.pid == GUNICORN)


def says(**change: str) -> Change:
    """Gunicorn says that it runs something else."""
    return lambda seen: with_process(seen, GUNICORN, environment={**IDENTITY, **change})


def at(path: object, **change: object) -> Change:
    return lambda seen: with_entry(seen, path, **change)


def gone(path: object) -> Change:
    return lambda seen: without(seen, path)


def added(path: str) -> Change:
    return lambda seen: replace(seen, entries={**seen.entries, path: home_entry("file", "644")})


TRANSIENT = "/run/systemd/transient"
NUMBER = 1796046768370178698
UNITS = [
    f"fooproject.understudy-{NUMBER}.service",
    f"fooproject-understudy-{NUMBER}.service",
    f"fooproject-understudy-{NUMBER}-page.service",
]
"""Of an understudy, and as they were called in 1.0.0."""


def with_folder_of(owner: str) -> Change:
    """Where an understudy of 1.0.0 listened."""
    folder = replace(home_entry("directory", "711"), owner=owner)
    path = "/run/fooproject-understudy"
    return lambda seen: replace(seen, entries={**seen.entries, path: folder})


# What is live


def test_a_run_that_makes_no_release_knows_the_live_one() -> None:
    here = place(replace(TARGET, release=None), HOST)
    assert (here.folder, here.virtualenv) == (HERE.folder, HERE.virtualenv)
    assert is_served(here)
    for other in (says(RELEASE_FOLDER="/home/fooproject/releases/old"), gone(WITH_ENV)):
        assert not is_served(place(here.target, other(HOST)))
    nothing = place(here.target, without(HOST, LAYOUT.live))
    assert nothing.folder == LAYOUT.releases / "-"
    assert not is_served(nothing)


def test_a_release_that_runs_and_is_pointed_to_is_live() -> None:
    assert is_live(HERE)


NOT_LIVE: dict[str, Change] = {
    "nothing is there": lambda seen: Observation(python="3.11"),
    "the link leads to another release": at(LAYOUT.live, target="releases/other"),
    "the link is gone": gone(LAYOUT.live),
    "a folder is in the link's place": at(LAYOUT.live, kind="directory", target=""),
    "the virtualenv's link leads elsewhere": at(LAYOUT.virtualenv, target="x"),
    "the release leads to another virtualenv": at(HERE.folder / "virtualenv", target="x"),
    "the program's file was changed": at(TARGET.files.program.path, sha256="0"),
    "the program's file is gone": gone(TARGET.files.program.path),
    "supervisord is down": lambda seen: with_unit(seen, "supervisor", active="failed", pid=0),
    "supervisord has not read its file": at("/etc/supervisor/supervisord.conf", changed=50.0),
    "Gunicorn is down": lambda seen: replace(seen, processes=()),
    "Gunicorn is not supervisord's": lambda seen: with_process(seen, GUNICORN, parent=1),
    "Gunicorn runs under another program": says(SUPERVISOR_PROCESS_NAME="other"),
    "Gunicorn runs another release": says(RELEASE_FOLDER="/home/fooproject/releases/other"),
    "Gunicorn runs in another virtualenv": says(VIRTUAL_ENV="/home/fooproject/.virtualenvs/x"),
    "Gunicorn was started from an older file": says(PROGRAM_ID="other"),
    "Gunicorn is older than its environment": at(WITH_ENV, changed=50.0),
    "the environment was changed": at(WITH_ENV, sha256="0"),
    "visitors are sent elsewhere": lambda seen: replace(seen, proxied_to="http://127.0.0.1:9/"),
    **{f"a switch left {path}": added(str(path)) for path in LAYOUT.traces_of_a_switch},
    **{f"a switch left {name}": added(f"{TRANSIENT}/{name}") for name in UNITS},
    "a switch of 1.0.0 left its folder": with_folder_of("fooproject"),
}


OTHERS = {
    "a project's by the name of its user": added(f"{TRANSIENT}/fooproject-understudy-1.service"),
    "another's of ours": added(f"{TRANSIENT}/fooproject-understudy.understudy-{NUMBER}.service"),
    "another's of 1.0.0": added(f"{TRANSIENT}/fooproject-two-understudy-{NUMBER}.service"),
    "another's, whose name ends in a number": added(
        f"{TRANSIENT}/fooproject-understudy-1-understudy-{NUMBER}.service"
    ),
    "another's folder": with_folder_of("fooproject-understudy"),
    "root's folder": with_folder_of("root"),
}
"""What stands under a name that begins as that of an understudy did."""


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_is_another_projects_is_not_taken_for_a_former_understudy(change: Change) -> None:
    assert is_live(place(TARGET, change(HOST)))


@pytest.mark.parametrize("change", NOT_LIVE.values(), ids=NOT_LIVE)
def test_a_release_is_to_be_put_live(change: Change) -> None:
    assert not is_live(place(TARGET, change(HOST)))


def test_nginx_that_serves_nothing_yet_does_not_keep_a_release_from_being_live() -> None:
    assert is_live(place(TARGET, replace(HOST, proxied_to="")))


def test_other_programs_of_supervisors_do_not_matter() -> None:
    other = replace(HOST.processes[-1], pid=99, environment={"SUPERVISOR_PROCESS_NAME": "other"})
    assert other.parent == SUPERVISOR
    assert is_live(place(TARGET, replace(HOST, processes=(other, *HOST.processes))))


def test_a_gunicorn_without_workers_does_not_have_its_address() -> None:
    alone = tuple(replace(process, children=0) for process in HOST.processes)
    assert not is_live(place(TARGET, replace(HOST, processes=alone)))


def test_a_process_whose_log_was_taken_away_is_not_what_is_declared() -> None:
    assert not is_live(place(TARGET, without(HOST, LAYOUT.logs / "gunicorn.log")))


# The environment


@pytest.mark.parametrize("name", ["with-env", "manage"])
@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0"},
        {"mode": "755"},
        {"owner": "root"},
        {"kind": "link"},
    ],
    ids=str,
)
def test_an_environment_that_is_not_as_declared_is_to_be_written(
    name: str, change: dict[str, str]
) -> None:
    assert HERE.has_environment
    assert not place(TARGET, with_entry(HOST, HERE.folder / name, **change)).has_environment
    assert not place(TARGET, without(HOST, HERE.folder / name)).has_environment


# Where it is


def test_a_release_is_built_in_a_folder_of_its_name() -> None:
    bare = place(TARGET, Observation(python="3.11"))
    assert (str(bare.folder), bare.has(".built")) == (
        f"/home/fooproject/releases/{TARGET.app.id}",
        0,
    )


def test_another_interpreter_has_another_virtualenv() -> None:
    newer = place(TARGET, replace(HOST, python="3.13"))
    assert newer.virtualenv != HERE.virtualenv
    assert not newer.has_virtualenv
    assert not is_live(newer)


def test_one_that_was_never_finished_is_built_in_the_same_folder() -> None:
    unfinished = without(without(HOST, HERE.folder / ".built"), LAYOUT.live)
    assert place(TARGET, unfinished).folder == HERE.folder


def test_what_is_being_served_is_not_built_over_when_its_mark_is_gone() -> None:
    here = place(TARGET, without(HOST, HERE.folder / ".built"))
    assert here.folder.name == f"{HERE.folder.name}-2"
    here = place(TARGET, without(HOST, HERE.virtualenv / ".built"))
    assert here.virtualenv.name == f"{HERE.virtualenv.name}-2"


def test_one_that_was_damaged_is_built_again_beside() -> None:
    damaged = replace(HOST, damaged=frozenset({str(HERE.folder), str(HERE.virtualenv)}))
    here = place(TARGET, damaged)
    assert here.folder.name == f"{TARGET.app.id}-2"
    assert here.virtualenv.name == f"{HERE.virtualenv.name}-2"
    assert not here.has(".built")
    assert not is_live(here)


def test_the_one_that_is_whole_is_taken_whatever_its_number() -> None:
    second = f"{HERE.folder}-2"
    entries = {
        **HOST.entries,
        second: home_entry("directory", "711"),
        f"{second}/.built": home_entry("file", "600"),
    }
    seen = replace(HOST, entries=entries, damaged=frozenset({str(HERE.folder)}))
    assert str(place(TARGET, seen).folder) == second


# What can go


def with_releases(seen: Observation, releases: Iterable[str], built: bool = True) -> Observation:
    """The same host with more releases, the eldest first, each with a virtualenv of its own."""
    entries = dict(seen.entries)
    for age, name in enumerate(releases):
        folder, virtualenv = LAYOUT.releases / name, LAYOUT.virtualenvs / f".{name}-3.11"
        entries[str(folder)] = home_entry("directory", "711")
        entries[str(virtualenv)] = home_entry("directory", "700")
        entries[f"{folder}/virtualenv"] = link(f"../../.virtualenvs/{virtualenv.name}")
        if built:
            entries[f"{folder}/.built"] = replace(home_entry("file", "600"), modified=-50.0 + age)
    return replace(seen, entries=entries)


def cleared(seen: Observation, keep_releases: int = 5) -> set[str]:
    """What can go, each by its name alone."""
    target = sample_target(keep_releases=keep_releases)
    return {path.rpartition("/")[2] for path in superfluous(place(target, seen))}


def test_nothing_goes_while_there_are_no_more_than_are_kept() -> None:
    assert cleared(HOST) == set()
    assert cleared(with_releases(HOST, "abcd")) == set()


def test_the_eldest_go_with_their_virtualenvs() -> None:
    seen = with_releases(HOST, "abcdef")
    assert cleared(seen) == {"a", ".a-3.11", "b", ".b-3.11"}
    assert cleared(seen, keep_releases=2) == {*"abcde", *(f".{name}-3.11" for name in "abcde")}


def test_one_release_to_go_back_to_always_stays() -> None:
    assert cleared(with_releases(HOST, "ab"), keep_releases=1) == {"a", ".a-3.11"}


def test_the_one_that_was_live_before_stays_before_newer_ones() -> None:
    log = [LogEntry("", name, "", "", "", "live", "", 1.0) for name in ("a", HERE.folder.name)]
    seen = replace(with_releases(HOST, "ab"), log=tuple(log))
    assert cleared(seen, keep_releases=2) == {"b", ".b-3.11"}


def test_the_release_that_is_still_live_stays_before_newer_ones() -> None:
    live = with_entry(with_releases(HOST, "abc"), LAYOUT.live, target="releases/a")
    assert cleared(live, keep_releases=2) == {"b", ".b-3.11", "c", ".c-3.11"}


def test_room_is_made_by_what_is_not_kept_while_one_can_still_go_back() -> None:
    log = [LogEntry("", name, "", "", "", "live", "", 1.0) for name in "ac"]
    seen = replace(with_releases(HOST, "abcd"), log=tuple(log))
    live = with_entry(seen, LAYOUT.live, target="releases/c")
    here = place(sample_target(keep_releases=2), without(live, HERE.folder / ".built"))

    def goes(keep: int) -> list[str]:
        return [path.rpartition("/")[2] for path in gone_for_room(here, keep)]

    assert goes(4) == []
    assert goes(3) == [".b-3.11", "b"]
    assert goes(2) == goes(1) == [".b-3.11", ".d-3.11", "b", "d"]


def test_what_is_live_never_goes_for_room() -> None:
    damaged = replace(with_releases(HOST, "abc"), damaged=frozenset({str(LAYOUT.releases / "a")}))
    live = with_entry(damaged, LAYOUT.live, target="releases/a")
    here = place(sample_target(), without(live, HERE.folder / ".built"))
    assert gone_for_room(here, 2) == []


def test_a_full_disk_names_keep_releases_where_that_would_help() -> None:
    full = replace(with_releases(without(HOST, HERE.folder / ".built"), "abcd"), free_bytes=0)
    live = with_entry(full, LAYOUT.live, target="releases/d")
    assert "lower keep_releases" in lacks_room(place(sample_target(), live))
    for keep, there in ((2, "abcd"), (5, "cd")):
        few = replace(with_releases(without(HOST, HERE.folder / ".built"), there), free_bytes=0)
        few = with_entry(few, LAYOUT.live, target="releases/d")
        told = lacks_room(place(sample_target(keep_releases=keep), few))
        assert told.endswith("Free some space there.")


def test_a_virtualenv_that_a_kept_release_needs_stays() -> None:
    seen = with_releases(HOST, "ab")
    shared = with_entry(seen, LAYOUT.releases / "b/virtualenv", target="../../.virtualenvs/.a-3.11")
    assert cleared(shared, keep_releases=2) == {"a", ".b-3.11"}


def test_what_was_never_finished_or_was_damaged_goes() -> None:
    unfinished = with_releases(HOST, "a", built=False)
    assert cleared(unfinished) == {"a", ".a-3.11"}
    damaged = replace(with_releases(HOST, "a"), damaged=frozenset({str(LAYOUT.releases / "a")}))
    assert cleared(damaged) == {"a", ".a-3.11"}


def test_a_virtualenv_that_the_live_release_leads_to_stays_though_it_was_damaged() -> None:
    """By the release itself, say, which has written into it as it started."""
    its = HERE.virtualenv
    seen = replace(HOST, damaged=frozenset({str(its)}))
    here = place(TARGET, seen)
    assert here.virtualenv != its
    assert superfluous(here, switched=True) == []
    # Before the switch it will go: the release is going to lead to another one.
    assert superfluous(here) == [str(its)]


def test_what_is_live_stays_though_it_was_damaged() -> None:
    """By the site, say, which has written over a file of its own source."""
    its = str(HERE.folder)
    here = place(TARGET, replace(HOST, damaged=frozenset({its})))
    assert str(here.folder) != its
    assert superfluous(here, switched=True) == []
    # Before the switch it will go: another is going to be live.
    assert superfluous(here) == [its]


def test_a_virtualenv_that_the_user_made_stays() -> None:
    own = str(LAYOUT.virtualenvs / "own")
    seen = replace(HOST, entries={**HOST.entries, own: home_entry("directory", "700")})
    assert cleared(seen) == set()


def test_a_link_among_the_releases_is_not_followed_and_stays() -> None:
    stray = str(LAYOUT.releases / "stray")
    seen = replace(HOST, entries={**HOST.entries, stray: link("/")})
    assert cleared(seen) == set()


def test_a_python_goes_with_the_last_release_that_needs_it_and_never_another_projects() -> None:
    folder = "/opt/django-stack/python"
    names = ["3.14.1", "3.14.1.fooproject", "3.14.2", "3.14.2.fooproject", "3.14.2.shop"]
    brought = {f"{folder}/{name}": home_entry("file", "644") for name in names}
    seen = replace(HOST, entries={**HOST.entries, **brought})
    needing = LAYOUT.virtualenvs / ".a-3.14.1-2"

    def goes(seen: Observation) -> list[str]:
        return [path.removeprefix(f"{folder}/") for path in unneeded(place(TARGET, seen))]

    assert goes(seen) == ["3.14.1", "3.14.1.fooproject", "3.14.2.fooproject"]
    kept = with_entry(
        with_releases(seen, "a"),
        LAYOUT.releases / "a/virtualenv",
        target=f"../../.virtualenvs/{needing.name}",
    )
    kept = replace(kept, entries={**kept.entries, str(needing): home_entry("directory", "700")})
    assert goes(kept) == ["3.14.2.fooproject"]
    assert [path.removeprefix(f"{folder}/") for path in left_by(kept, "fooproject")] == goes(seen)
    assert left_by(without(kept, f"{folder}/3.14.2.shop"), "fooproject") == ["/opt/django-stack"]


# What was live before

BEFORE = {
    "ab": "a",
    "abc": "b",
    # Back to a, and so b and c are undone.
    "abca": "",
    "abcad": "a",
    "abcb": "a",
    # Back to a, and forth again by name.
    "abcac": "a",
    # Put right after a drift.
    "abb": "a",
}


@pytest.mark.parametrize(("lived", "before"), BEFORE.items())
def test_the_release_before_is_the_one_that_the_live_one_took_over_from(
    lived: str, before: str
) -> None:
    log = tuple(LogEntry("", name, "", "", "", "live", "", 1.0) for name in lived)
    seen = replace(with_releases(HOST, "abcd"), log=log)
    seen = with_entry(seen, LAYOUT.live, target=f"releases/{lived[-1]}")
    assert before_live(place(TARGET, seen)) == before


def test_a_release_says_what_runs_it() -> None:
    by_gunicorn, by_uwsgi = TARGET, sample_target(server="uwsgi")
    assert by_gunicorn.app.id != by_uwsgi.app.id
    seen = converged(by_uwsgi)
    here = place(by_uwsgi, seen)
    assert is_live(here)
    name = here.folder.name
    marked = {**seen.entries, str(here.folder / ".uwsgi"): home_entry("file", "700")}
    for target in (by_gunicorn, by_uwsgi):
        assert server_of(place(target, seen), name) == "gunicorn"
        assert server_of(place(target, replace(seen, entries=marked)), name) == "uwsgi"
    assert (mark_of("gunicorn"), mark_of("uwsgi")) == ("", ".uwsgi")


def test_one_whose_project_requires_both_is_another_release_for_each() -> None:
    settings = TARGET.settings.model_copy(update={"server": "uwsgi"})
    assert replace(TARGET.app, settings=settings).id != TARGET.app.id
