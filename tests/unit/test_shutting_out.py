"""Who is let in no longer, once hosts are seen to count on it no longer: those of this run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from stack.host.observation import Observation
from stack.inventory.roles import APP, DB, LB
from stack.operations import database, firewall, order
from stack.state.firewall import sent_by
from tests.unit import test_database as of_database
from tests.unit import test_firewall as of_firewall
from tests.unit.operating import plan

FORMER = "10.0.0.7"
WAS = of_firewall.wanted(DB, clients=("10.0.0.1", FORMER), lb=True)
IS = of_firewall.wanted(DB, clients=("10.0.0.1",), lb=True)


@pytest.fixture(params=[[], ["lb1"], ["lb1", "lb2"]], ids=["none", "one", "two"])
def outside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The balancers that a run is not over."""
    names: list[str] = request.param
    monkeypatch.setattr(order, "left_out", lambda role: names if role == LB else [])
    return names


def assert_told(log: str, who: str, outside: list[str]) -> None:
    these = {1: "lb1 is", 2: "lb1, lb2 are"}.get(len(outside))
    told = f"Will still let in {who}: {these} not in this run, and may have visitors sent there"
    assert (told in log) == bool(outside)


def test_a_former_app_host_uses_the_database_until_balancers_of_the_run_send_nobody_there(
    outside: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO")
    seen = replace(of_database.served(), clients=(*of_database.DATABASE.clients, FORMER))
    monkeypatch.setattr(database, "observe_server", lambda target: seen)
    words: Mapping[str, Any] = {"database": of_database.DATABASE, "sent_by": LB}
    todo = plan(database.closed, of_database.TARGET, Observation(), **words)
    assert bool(todo) == (not outside)
    assert_told(caplog.text, FORMER, outside)


def test_the_firewall_shuts_it_out_at_the_same_time(
    outside: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    todo = plan(firewall.closed, IS, of_firewall.converged(WAS))
    assert bool(todo) == (not outside)
    assert_told(caplog.text, f"{FORMER} on port 5432", outside)


@pytest.mark.parametrize(
    ("roles", "front", "role"),
    [
        ((DB,), True, LB),
        ((DB,), False, APP),
        ((APP,), True, LB),
        ((APP,), False, ""),
        ((LB,), True, ""),
    ],
)
def test_who_says_where_visitors_are_sent_has_a_say_in_it(
    roles: tuple[str, ...], front: bool, role: str
) -> None:
    clients = ("10.0.0.1",) if DB in roles else ()
    target = of_firewall.wanted(*roles, clients=clients, lb=front)
    assert sent_by(target) == role
    # Its plan names what goes.
    assert sent_by(replace(target, leaves=True)) == ""
