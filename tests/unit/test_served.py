"""What a host is told of the live release stays that of the live release until another is."""

import json
from dataclasses import replace

from stack.host.files import File
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.placement import place
from stack.state.served import script_before_a_switch
from tests.unit.hosts import converged, sample_target

LIVE = sample_target(health_path="/old", server_name="shop.example.com", workers=2)
NEXT = sample_target(health_path="/new", server_name="new.example.com", workers=3, tls="acme")
VALUES = LIVE.files.switch_values


def with_values(text: str) -> Observation:
    """A host on which the first is live, and its switch.json."""
    return replace(converged(LIVE), texts={VALUES.path: text})


def told(target: Target, seen: Observation) -> dict[str, object]:
    """What switch.json is to hold before a switch."""
    [file] = [
        file
        for file in script_before_a_switch(place(target, seen))
        if file.path == VALUES.path and isinstance(file, File)
    ]
    its: dict[str, object] = json.loads(file.content)
    return its


def test_what_is_live_is_asked_as_it_was_when_it_went_live() -> None:
    its, of_live, of_next = (
        told(NEXT, with_values(VALUES.content)),
        json.loads(VALUES.content),
        json.loads(NEXT.files.switch_values.content),
    )
    held = {name for name in of_next if its[name] != of_next[name]}
    assert held == {"health_path", "health_host", "command", "https"}
    assert {name: its[name] for name in held} == {name: of_live[name] for name in held}
    # Those who deploy another project there are told by it what this one wants.
    assert (its["tls"], its["names"]) == (True, of_next["names"])


def test_what_is_declared_is_told_where_nothing_else_is_live() -> None:
    declared = json.loads(NEXT.files.switch_values.content)
    assert told(NEXT, Observation(python="3.11")) == declared
    assert told(NEXT, replace(converged(NEXT), texts={VALUES.path: VALUES.content})) == declared


def test_what_is_damaged_or_of_an_earlier_version_is_completed() -> None:
    declared = json.loads(NEXT.files.switch_values.content)
    for damaged in ("", "[]", '{"health_path": "/ol'):
        assert told(NEXT, with_values(damaged)) == declared
    assert told(NEXT, with_values('{"health_path": "/old"}')) == {
        **declared,
        "health_path": "/old",
    }
