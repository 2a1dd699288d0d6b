"""A plan tells when somebody else has the address that the app server needs."""

from dataclasses import replace

import pytest
from pyinfra.api import State

from stack.facts.parsing import parse
from stack.host.observation import Observation
from stack.inventory.roles import LB
from stack.operations import release, rollback
from stack.state.address_taken import taken
from stack.state.placement import place
from stack.state.scope import of_host
from tests.unit.hosts import GUNICORN, converged, sample_target, with_process
from tests.unit.operating import plan

TARGET = sample_target()
EVERYWHERE = "0.0.0.0"  # noqa: S104
DOWN = replace(converged(TARGET), processes=())


def told(bind: str, *at_bind: tuple[str, str]) -> str:
    target = sample_target(bind=bind)
    return taken(place(target, replace(DOWN, at_bind=at_bind)))


@pytest.mark.parametrize(
    ("bind", "address"),
    [
        ("127.0.0.1:8000", "127.0.0.1"),
        ("127.0.0.1:8000", "127.0.0.1%lo"),
        ("127.0.0.1:8000", EVERYWHERE),
        ("127.0.0.1:8000", "*"),
        ("127.0.0.1:8000", "[::ffff:127.0.0.1]"),
        ("0.0.0.0:8000", "10.0.0.1"),
        ("[::1]:8000", "[::1]"),
        ("[::1]:8000", "[::]"),
        ("[::1]:8000", "*"),
        ("[::]:8000", EVERYWHERE),
    ],
)
def test_who_has_the_address_is_named_with_the_setting(bind: str, address: str) -> None:
    assert told(bind, (address, "anna")) == (
        f"{bind} is taken by anna: end it, or set bind to another address."
    )


@pytest.mark.parametrize(
    ("bind", "address"),
    [
        ("127.0.0.1:8000", "10.0.0.1"),
        ("127.0.0.1:8000", "[::1]"),
        # ss says * where all of IPv6 has IPv4 too.
        ("127.0.0.1:8000", "[::]"),
        ("[::1]:8000", "127.0.0.1"),
        ("[::1]:8000", EVERYWHERE),
        ("[::1]:8000", "[fe80::1]%eth0"),
    ],
)
def test_who_has_the_port_at_another_address_is_in_nobodys_way(bind: str, address: str) -> None:
    assert told(bind, (address, "anna")) == ""


def test_all_who_are_in_the_way_are_named_once() -> None:
    held = (EVERYWHERE, "bert"), ("*", "anna"), ("127.0.0.1", "bert"), ("10.0.0.1", "carl")
    assert "is taken by anna and bert: " in told("127.0.0.1:8000", *held)


def test_a_gunicorn_that_works_has_its_address_whomever_it_runs_as() -> None:
    at_bind = (("127.0.0.1", "root"),)
    seen = replace(converged(TARGET), at_bind=at_bind)
    assert taken(place(TARGET, seen)) == ""
    # One that has no workers has not got it; and it has no other than its own.
    assert taken(place(TARGET, with_process(seen, GUNICORN, children=0)))
    moved = sample_target(bind="127.0.0.1:9000")
    assert taken(place(moved, seen))


def test_what_a_host_tells_is_read() -> None:
    lines = ["at-bind\t127.0.0.1\tanna", "at-bind\t*\taccount 1234", "at-bind\tnowhere\tbert"]
    assert parse(lines).at_bind == (("127.0.0.1", "anna"), ("*", "account 1234"))


def test_a_port_is_looked_at_where_the_app_server_is_to_listen_at_one() -> None:
    assert of_host(TARGET).bind_port == "8000"
    assert of_host(sample_target(bind="[::1]:9000")).bind_port == "9000"
    assert of_host(sample_target(bind="unix:/home/fooproject/g.sock")).bind_port == ""
    # One that goes back to a release of before has none of its own.
    assert of_host(replace(TARGET, release=None)).bind_port == "8000"
    assert of_host(replace(TARGET, release=None, leaves=True)).bind_port == ""
    assert of_host(replace(TARGET, release=None, roles=frozenset({LB}))).bind_port == ""


def test_a_plan_that_has_a_release_go_live_tells_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO")
    at_bind = (("127.0.0.1", "anna"),)
    seen = replace(DOWN, at_bind=at_bind)
    assert plan(release.live, TARGET, seen)
    assert "This will fail: 127.0.0.1:8000 is taken by anna: end it, or set bind" in caplog.text
    caplog.clear()
    # The host looks itself then, in the same words.
    with monkeypatch.context() as patch:
        patch.setattr(State, "is_executing", True)
        plan(release.live, TARGET, seen)
    assert not plan(release.live, TARGET, replace(converged(TARGET), at_bind=at_bind))
    assert plan(release.live, TARGET, DOWN)
    assert caplog.text == ""


def test_a_plan_to_go_back_tells_it_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    back, folder = replace(TARGET, release=None), place(TARGET, DOWN).folder.name
    seen = replace(DOWN, at_bind=(("127.0.0.1", "anna"),))
    assert plan(rollback.served, back, seen, folder=folder, force=True)
    assert "This will fail: 127.0.0.1:8000 is taken by anna: end it, or set bind" in caplog.text


def test_a_host_on_which_nothing_is_yet_is_told_of_too() -> None:
    seen = Observation(python="3.11", at_bind=(("127.0.0.1", "anna"),))
    assert "is taken by anna" in taken(place(TARGET, seen))
