"""What has happened on a host between the plan of a way back and its first change."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pyinfra import state
from pyinfra.api import State
from pyinfra.context import ctx_host

from stack.facts.parsing import parse
from stack.host.observation import Entry, Observation
from stack.operations import migrations, rollback
from stack.project.target import Target
from stack.state.dumps import dump_to_restore
from stack.state.going_back import release_to_go_back_to
from tests.unit.fake_hosts import LIVE
from tests.unit.hosts import sample_target
from tests.unit.operating import plan
from tests.unit.test_going_back import A, B, C, reading

TARGET = replace(sample_target(), release=None)


def host(*lived: str) -> Observation:
    """One on which these were live, one after the other."""
    return parse([*LIVE[:-1], *reading(*lived)])


def after(
    monkeypatch: pytest.MonkeyPatch, planned: Observation, now: Observation, wanted: str = ""
) -> str:
    """What a rollback refuses to go on with; empty where it goes on."""

    def choose(target: Target) -> Iterator[Any]:
        state.active_hosts.add(ctx_host.get())
        release_to_go_back_to(target, wanted, force=False)
        yield from ()

    plan(choose, TARGET, planned)
    assert plan(rollback.as_planned, TARGET, planned, wanted=wanted) == []
    with monkeypatch.context() as patch:
        patch.setattr(State, "is_executing", True)
        return " ".join(sent for sent, _ in plan(rollback.as_planned, TARGET, now, wanted=wanted))


def test_a_rollback_goes_on_where_nothing_has_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert after(monkeypatch, host(A, B), host(A, B)) == ""
    assert after(monkeypatch, host(A, B, C), host(A, B, C), wanted=A) == ""


@pytest.mark.parametrize("wanted", ["", A])
def test_a_rollback_does_not_undo_what_has_gone_live_since_its_plan(
    monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    told = after(monkeypatch, host(A, B), host(A, B, C), wanted)
    assert f"@fake/web1 serves {C}, and {B} when this was planned. Nothing was changed." in told
    assert "Run it again." in told


def test_a_rollback_goes_back_to_nothing_that_was_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = after(monkeypatch, host(A, B, C), host(A, C))
    assert f"no longer keeps {B}. Nothing was changed." in told
    told = after(monkeypatch, host(A, C), host(A, B, C))
    assert f"served {B} before {C}, and not {A} as when this was planned." in told


def test_a_database_that_was_migrated_since_is_not_put_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dump = TARGET.layout.releases / A / "1.dump"
    newer = TARGET.layout.releases / B / "2.dump"
    file = Entry("file", "600", "root", "root", 0, 0)
    seen = replace(host(A), entries={str(dump): file})

    def choose(target: Target) -> Iterator[Any]:
        assert dump_to_restore(target, A, "") == dump
        yield from ()

    plan(choose, TARGET, seen)
    with monkeypatch.context() as patch:
        patch.setattr(State, "is_executing", True)
        [(done, _)] = plan(migrations.restored, TARGET, seen, dump=dump)
        later = replace(seen, entries={**seen.entries, str(newer): file})
        [(refused, _)] = plan(migrations.restored, TARGET, later, dump=dump)
    assert "since this was planned" not in done
    assert f"has been migrated since this was planned, and has the dump {B}/2.dump" in refused
