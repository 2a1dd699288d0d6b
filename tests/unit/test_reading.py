"""A host is read once for as long as nothing is changed on it, and no more of it than that."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from stack.facts import HostState, Scope
from stack.facts.contents import Contents, HomeContents
from stack.host.observation import Entry, Observation, User
from stack.operations.leaving import home
from stack.state import reading
from tests.unit.hosts import converged, home_entry, sample_target, with_entry, without
from tests.unit.operating import only_host

TARGET = sample_target()
LAYOUT = TARGET.layout
OLD = LAYOUT.releases / "0"
VIRTUALENV = LAYOUT.virtualenvs / ".0-3.11"


class Readings:
    """A host that tells what it is like, and keeps what it was asked for."""

    def __init__(self, seen: Observation) -> None:
        self.seen = seen
        self.scopes: list[Scope] = []

    def get_fact(self, fact: type[HostState], scope: Scope) -> Observation:
        self.scopes.append(scope)
        if not scope.home_alone:
            return self.seen
        home = {path: one for path, one in self.seen.entries.items() if path.startswith("/home/")}
        return Observation(now=self.seen.now, uptime=self.seen.uptime, entries=home)

    @property
    def alone(self) -> list[bool]:
        """Of each reading, whether it was of the home alone."""
        return [scope.home_alone for scope in self.scopes]


@pytest.fixture
def its(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readings]:
    seen = replace(converged(TARGET), now=100.0, uptime=50.0, damaged=frozenset({str(VIRTUALENV)}))
    seen = with_entry_of(seen, OLD)
    with only_host() as host:
        readings = Readings(seen)
        monkeypatch.setattr(host, "get_fact", readings.get_fact)
        yield readings


def with_entry_of(seen: Observation, path: object) -> Observation:
    entries: dict[str, Entry] = {**seen.entries, str(path): home_entry("directory", "711")}
    return replace(seen, entries=entries)


def observe() -> Observation:
    return reading.observe(TARGET)


def test_what_nobody_changes_is_read_once(its: Readings) -> None:
    assert observe() is observe()
    assert its.alone == [False]


def test_after_a_release_was_changed_the_home_alone_is_read(its: Readings) -> None:
    before = observe()
    its.seen = replace(
        without(with_entry_of(its.seen, LAYOUT.releases / "new"), OLD),
        now=101.0,
        uptime=51.0,
        processes=(),
    )
    reading.forget_releases()
    after = observe()
    assert its.alone == [False, True]
    assert str(LAYOUT.releases / "new") in after.entries
    assert str(OLD) not in after.entries
    # What changes later than the reading before would be taken for a clock that was set back.
    assert (after.now, after.uptime) == (101.0, 51.0)
    assert after.processes == before.processes != ()
    assert after.damaged == {str(VIRTUALENV)}
    assert observe() is after


def test_a_release_is_as_damaged_as_this_run_has_found_it(its: Readings) -> None:
    """A site that writes over a file of its own source does it as soon as it is live."""
    live, wanted = str(LAYOUT.releases / TARGET.app.id), str(LAYOUT.releases / "new")
    its.seen = replace(its.seen, changed={str(OLD): ("source/debug.log",)})
    assert observe().damaged == {str(VIRTUALENV), str(OLD)}
    changed = {live: ("source/debug.log",), wanted: ("source/debug.log",)}
    its.seen = replace(with_entry_of(its.seen, wanted), changed=changed)
    reading.forget()
    assert observe().damaged == {str(VIRTUALENV), str(OLD), wanted}
    # What it is like by now is told all the same.
    assert observe().changed == changed


def test_what_is_disposable_damages_no_release(its: Readings) -> None:
    target = sample_target(disposable=("*.log",))
    paths = ("source/debug.log", "source/logs/all.log")
    its.seen = replace(its.seen, changed={str(OLD): paths})
    assert reading.observe(target).damaged == {str(VIRTUALENV)}
    its.seen = replace(its.seen, changed={str(LAYOUT.releases / "1"): (*paths, "source/urls.py")})
    its.seen = with_entry_of(its.seen, LAYOUT.releases / "1")
    reading.forget()
    assert reading.observe(target).damaged == {str(VIRTUALENV), str(LAYOUT.releases / "1")}


def test_what_root_has_is_as_it_was_read_before(its: Readings) -> None:
    program = TARGET.files.program.path
    before = observe().entries[program]
    its.seen = with_entry(its.seen, program, mode="600")
    reading.forget_releases()
    assert observe().entries[program] == before


def test_what_the_user_tells_of_other_paths_then_is_not_taken(its: Readings) -> None:
    """In a reading of all, root's own words come first; here there are none."""
    before = observe().entries[str(LAYOUT.live)]
    its.seen = with_entry(its.seen, LAYOUT.live, target="releases/another")
    reading.forget_releases()
    assert observe().entries[str(LAYOUT.live)] == before


def test_after_anything_else_all_of_it_is_read(its: Readings) -> None:
    observe()
    for forget in (reading.forget_releases, reading.forget, reading.forget_releases):
        forget()
    observe()
    observe()
    assert its.alone == [False, False]


def test_a_plan_to_leave_reads_what_is_in_the_home_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for it in several steps, and the more there is, the longer each would take."""
    asked = []

    def get_fact(fact: type[object], **_: object) -> Contents:
        asked.append(fact)
        return Contents(staying=("letters",), is_whole=True)

    with only_host() as host:
        user = User(str(LAYOUT.home), "/bin/bash", "users", frozenset())
        seen = replace(with_entry_of(converged(TARGET), LAYOUT.home), user=user)
        reading._observed[host] = {HostState: (host.state.current_stage, seen)}
        monkeypatch.setattr(host, "get_fact", get_fact)
        told = [home.must_stay(TARGET, everything=False) for _ in range(2)]
    assert told[0] == told[1] != []
    assert asked == [HomeContents]
