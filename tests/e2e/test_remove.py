"""A project leaves: nothing of it is left but what is stated, and no neighbour notices."""

import re
from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller, Run
from tests.e2e.fingerprint import difference, fingerprint
from tests.e2e.http import get, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

STATED = {
    "package ": "packages",
}


def remove(site: Controller, *words: str, check: bool = True) -> Run:
    return site.pyinfra("remove.py", "-y", "--json", *words, check=check)


def plan(site: Controller, *words: str) -> list[str]:
    return site.pyinfra("remove.py", "--dry", "--json", *words).planned


def unstated(lines: list[str]) -> list[str]:
    return [line for line in lines if not any(re.match(one, line) for one in STATED)]


def test_nothing_is_left_but_what_is_stated(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving")
    before = fingerprint(host)
    site = controller(host)
    site.data["programs"] = {"beat": "sleep 1000"}
    site.data["schedules"] = {"say": {"command": "true", "when": "hourly"}}
    site.apply()
    planned = plan(site)
    print(planned)
    changed = remove(site).changed
    assert planned == changed
    assert plan(site) == []
    print("\n".join(unstated(difference(before, fingerprint(host)))))
    planned = plan(site, "--data", "everything=True")
    print(planned)
    assert remove(site, "--data", "everything=True").changed == planned
    assert plan(site, "--data", "everything=True") == []
    print("\n".join(unstated(difference(before, fingerprint(host)))))
    assert 0
