"""What is said to be served is what was seen to be."""

from dataclasses import replace

import pytest

from stack.host.observation import Entry, Observation
from stack.project.nginx_files import SITE
from stack.state.placement import place
from stack.state.visited import Visited, visited
from tests.unit.hosts import (
    GUNICORN,
    WORKER,
    converged,
    link,
    program_id,
    sample_target,
    with_entry,
    with_process,
    with_unit,
    without,
)

TARGET = sample_target()
LIVE = place(TARGET, converged(TARGET)).folder.name
LINK = str(TARGET.layout.live)
IDENTITY = next(p.environment for p in converged(TARGET).processes if p.pid == GUNICORN)
NAMED = {"SUPERVISOR_PROCESS_NAME": "django"}
NOTHING = "Gunicorn runs no release, and ~/fooproject leads to"


def seen_of(seen: Observation) -> Visited:
    return visited(place(TARGET, seen))


def test_what_all_agree_on_is_served() -> None:
    assert seen_of(converged(TARGET)) == Visited(LIVE)


def test_a_host_that_nothing_was_deployed_to_serves_nothing() -> None:
    assert seen_of(Observation(python="3.11")) == Visited()


def test_a_symlink_that_was_moved_is_not_what_is_served() -> None:
    seen = converged(TARGET)
    moved = replace(seen, entries={**seen.entries, LINK: link("releases/other-1")})
    assert seen_of(moved) == Visited(LIVE, "~/fooproject leads to other-1")
    assert seen_of(without(seen, LINK)) == Visited(LIVE, "~/fooproject leads to no release")


FORGED = "other-1, since 2026-01-01"


def test_what_is_no_name_of_a_release_is_not_told_as_one() -> None:
    seen = converged(TARGET)
    moved = replace(seen, entries={**seen.entries, LINK: link(f"releases/{FORGED}")})
    assert seen_of(moved) == Visited(LIVE, "~/fooproject leads to no release")
    its = {**IDENTITY, "RELEASE_FOLDER": f"/home/fooproject/releases/{FORGED}"}
    said = with_process(seen, GUNICORN, environment=its)
    assert seen_of(said) == Visited("", f"{NOTHING} {LIVE}")


@pytest.mark.parametrize("change", [{"children": 0}, {"environment": NAMED}])
def test_a_process_that_does_not_work_serves_nothing(change: dict[str, object]) -> None:
    seen = with_process(converged(TARGET), GUNICORN, **change)
    assert seen_of(seen) == Visited("", f"{NOTHING} {LIVE}")


def test_one_that_may_run_without_supervisord_is_not_said_to_run_nothing() -> None:
    orphan = with_process(converged(TARGET), GUNICORN, parent=1)
    leads = f"and ~/fooproject leads to {LIVE}"
    assert seen_of(orphan) == Visited("", f"supervisord runs no Gunicorn, {leads}")
    alone = with_unit(orphan, "supervisor", active="inactive")
    assert seen_of(alone) == Visited("", f"supervisord does not run, {leads}")


def test_a_neighbours_process_of_the_same_name_is_not_looked_at() -> None:
    seen = converged(TARGET)
    [own] = [process for process in seen.processes if process.pid == GUNICORN]
    its = {**own.environment, "RELEASE_FOLDER": "/home/fooproject/releases/other-1"}
    neighbours = replace(own, pid=GUNICORN + 1, owner="shop", environment=its)
    alone = tuple(process for process in seen.processes if process != own)
    assert not seen_of(replace(seen, processes=(neighbours, *alone))).release
    assert seen_of(replace(seen, processes=(neighbours, *seen.processes))) == Visited(LIVE)


@pytest.mark.parametrize(
    ("line", "owner"), [("user=anna", "anna"), ("user = anna ; for now", "anna"), ("", "root")]
)
def test_one_that_a_person_had_run_as_somebody_else_is_what_is_served(
    line: str, owner: str
) -> None:
    program = TARGET.files.program
    text = program.content.replace("user=fooproject", line)
    seen = replace(converged(TARGET), texts={program.path: text})
    assert seen_of(with_process(seen, GUNICORN, owner=owner)).release == LIVE
    assert not seen_of(with_process(seen, GUNICORN, owner="bert")).release


def test_a_process_of_an_account_that_was_deleted_is_still_what_is_served() -> None:
    converged_one = converged(TARGET)
    home = Entry("directory", "755", "999", "999", 1.0, 1.0)
    entries = {**converged_one.entries, str(TARGET.layout.home): home}
    seen = replace(converged_one, user=None, entries=entries)
    assert seen_of(with_process(seen, GUNICORN, owner="999")).release == LIVE
    assert not seen_of(with_process(seen, GUNICORN, owner="1000")).release


@pytest.mark.parametrize(
    ("proxied_to", "doubt"),
    [
        ("http://127.0.0.1:8001", "Nginx sends visitors to 127.0.0.1:8001"),
        ("http://fooproject-understudy", "an understudy has the visitors"),
        ("", "Nginx sends nobody there"),
    ],
)
def test_where_visitors_are_elsewhere_it_is_not_said_to_be_served(
    proxied_to: str, doubt: str
) -> None:
    seen = replace(converged(TARGET), proxied_to=proxied_to)
    assert seen_of(seen) == Visited("", f"Gunicorn runs {LIVE}, {doubt}")


def test_without_nginx_nobody_is_served() -> None:
    seen = with_unit(converged(TARGET), "nginx", active="inactive")
    assert seen_of(seen) == Visited("", f"Gunicorn runs {LIVE}, Nginx does not run")


def test_a_process_that_shows_other_words_is_known_by_its_file() -> None:
    seen = with_process(converged(TARGET), GUNICORN, command=("gunicorn: master [fooproject]",))
    assert seen_of(seen).release == ""
    program = TARGET.files.program
    assert program_id(TARGET) in program.content
    assert seen_of(replace(seen, texts={program.path: program.content})) == Visited(LIVE)


@pytest.mark.parametrize("written", ["http://127.0.0.1:8000/", "http://127.0.0.1:8000"])
def test_an_address_is_known_however_it_was_written(written: str) -> None:
    assert seen_of(replace(converged(TARGET), proxied_to=written)) == Visited(LIVE)


def test_a_site_that_nginx_has_not_read_since_is_told() -> None:
    seen = with_process(converged(TARGET), WORKER, started=4.0)
    doubt = f"Nginx has not read {SITE} as it is now"
    assert seen_of(with_entry(seen, SITE, changed=9.0)) == Visited(LIVE, doubt)


def test_uwsgi_is_known_by_its_address_too() -> None:
    for bind in ("127.0.0.1:8000", "unix:/home/fooproject/shop.sock"):
        target = sample_target(server="uwsgi", bind=bind)
        seen = with_process(converged(target), GUNICORN, command=tuple(target.server.command(bind)))
        assert visited(place(target, seen)).doubt == ""
        there = replace(seen, proxied_to="http://127.0.0.1:9000")
        assert visited(place(target, there)).doubt.startswith("uWSGI runs ")
