"""Settings that do not go with others, of the same host or of another one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from stack.settings import SettingsError, load_all

ROOT = Path(__file__).resolve().parents[2]
SAY = {"command": "echo", "when": "daily"}
Data = Mapping[str, object]


def told(*hosts: Data, needed: tuple[str, ...] | None = None) -> list[str]:
    """What is wrong with the settings of web1, web2 and so on."""
    base = {"source": str(ROOT / "tests" / "project"), "wsgi": "fooproject.wsgi"}
    named: Mapping[str, Data] = {f"web{n}": {**base, **its} for n, its in enumerate(hosts, 1)}
    try:
        load_all(named, needed=needed)
    except SettingsError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_an_inventory_is_for_one_project() -> None:
    assert told({"project": "shop"}, {"project": "shop"}) == []
    assert told({"project": "shop"}, {"project": "shop"}, {"project": "blog"}) == [
        'web3: project = "blog": web1 has "shop"; expected an inventory of its own for each project'
    ]


def test_what_is_done_once_is_the_first_hosts_to_do() -> None:
    once, off, each = ({"migrate": one} for one in ("once", "off", "each"))
    for alike in ((once, once), (off, off), (each, each), (once, off), (each, off)):
        assert told(*alike) == []
    assert told(off, once) == [
        'web2: migrate = "once": web1 would do it, as the first app host, but has '
        'migrate = "off"; expected one value for all of them'
    ]
    assert len(told(each, once, once)) == 1

    assert told({"schedules": {"say": SAY}}, {}) == []
    assert told({}, {"schedules": {"say": {**SAY, "hosts": "each"}}}) == []
    assert told({}, {"programs": {"say": {"command": "echo", "hosts": "each"}}}) == []
    assert told({}, {"schedules": {"say": SAY}}) == [
        'web2: schedules["say"]: web1 would run it, as the first app host, but does not '
        'have it; expected it there, or "hosts": "each"'
    ]
    assert len(told({}, {"programs": {"say": {"command": "echo", "hosts": "once"}}})) == 1


@pytest.mark.parametrize(
    ("idle", "cure", "line"),
    [
        (
            {"dump_before_migrate": True, "migrate": "off"},
            {"migrate": "once"},
            'dump_before_migrate = True: has no effect without migrate, which is "off"',
        ),
        (
            {"commands": {"after_migrate": ["true"], "after_switch": ["true"]}, "migrate": "off"},
            {"migrate": "once"},
            'commands["after_migrate"]: has no effect without migrate, which is "off"',
        ),
        (
            {"python_mirror": "https://mirror.example"},
            {"python": "3.14"},
            'python_mirror = "https://mirror.example": has no effect without a version in python',
        ),
        (
            {"media_url": "/files/"},
            {"media_root": "media"},
            'media_url = "/files/": has no effect without media_root',
        ),
        (
            {"build_env": ["PATH"]},
            {"build": ["true"]},
            "build_env = ['PATH']: has no effect without build",
        ),
    ],
)
def test_a_setting_that_would_do_nothing_is_refused(idle: Data, cure: Data, line: str) -> None:
    assert told(idle) == [f"web1: {line}"]
    assert told({**idle, **cure}) == []
    assert told(idle, idle) == [f"all hosts: {line}"]
    # All hosts may share what is for one of them.
    assert told({**idle, **cure}, idle) == []
    # What makes no release has no use for most settings.
    assert told(idle, needed=()) == []


def test_a_default_may_be_written_down() -> None:
    its = {"media_url": "/media/", "python_mirror": "", "tls_server": "", "build_env": []}
    assert told({**its, "dump_before_migrate": False, "migrate": "off"}) == []


def test_another_ca_is_for_certificates_by_acme() -> None:
    server = {"tls_server": "https://ca.example/directory"}
    assert told(server) == ['web1: tls_server: is set, but tls = "off"; set tls = "acme"']
    assert told({**server, "tls": "acme"}) == []
    # Production may share it with staging, which has no HTTPS.
    acme = {"tls": "acme", "address": "10.0.0.1"}
    assert told({**server, **acme}, {**server, "address": "10.0.0.2"}) == []


@pytest.mark.parametrize(
    "hosts",
    [
        ({"project": "shop"}, {"project": "blog"}),
        ({}, {"schedules": {"say": SAY}}),
        ({"migrate": "off"}, {"migrate": "once"}),
        ({"tls_server": "https://ca.example/directory"},),
        ({"server_name": ["shop.example", ".shop.example"]},),
    ],
)
def test_what_is_refused_of_a_release_keeps_nobody_from_going_back(hosts: tuple[Data, ...]) -> None:
    assert told(*hosts) != []
    assert told(*hosts, needed=()) == []


def test_a_file_is_no_folder_of_another() -> None:
    assert told({"files": {"a/x": "", "a/y": "", "ab": ""}}) == []
    assert told({"files": {"a/x": "", "b": "", "a/x/y": ""}}) == [
        "web1: files: a/x/y cannot be there, since a/x is a file"
    ]
