"""Settings that do not go with others, of the same host or of another one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from stack.inventory.roles import Roles, roles
from stack.settings import SettingsError, load, load_all
from stack.settings.without_effect import without_effect as all_without_effect
from tests.e2e.certificates import Issuer
from tests.unit.fake_hosts import inventory
from tests.unit.running import pyinfra

ROOT = Path(__file__).resolve().parents[2]
SAY = {"command": "echo", "when": "daily"}
OWN = Issuer().issue("fooproject.se")
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


def without_effect(hosts: Mapping[str, Data], groups: Roles | None = None) -> list[str]:
    """What is told of the settings of some hosts, which are app hosts unless groups say else."""
    settings = {name: load({"source": ".", **its}, name) for name, its in hosts.items()}
    return list(all_without_effect(settings, roles(groups or dict.fromkeys(hosts, ()))))


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


WITHOUT_EFFECT = [
    (
        {"dump_before_migrate": True, "migrate": "off"},
        {"migrate": "once"},
        'dump_before_migrate has no effect, as migrate = "off"',
    ),
    (
        {"commands": {"after_migrate": ["true"], "after_switch": ["true"]}, "migrate": "off"},
        {"migrate": "once"},
        'commands["after_migrate"] has no effect, as migrate = "off"',
    ),
    (
        {"python_mirror": "https://mirror.example"},
        {"python": "3.14"},
        'python_mirror has no effect, as python = "python3"',
    ),
    (
        {"media_url": "/files/"},
        {"media_root": "media"},
        'media_url has no effect, as media_root = ""',
    ),
    (
        {"max_requests_jitter": 5},
        {"max_requests": 100},
        "max_requests_jitter has no effect, as max_requests = 0",
    ),
    (
        {"tls_server": "https://ca.example/directory"},
        {"tls": "acme"},
        'tls_server has no effect, as tls = "off"',
    ),
    (
        {"tls_certificate": OWN.certificate, "tls_key": OWN.key, "tls": "acme"},
        {"tls": "files"},
        'tls_certificate has no effect, as tls = "acme"',
    ),
]


@pytest.mark.parametrize(("its", "cure", "line"), WITHOUT_EFFECT)
def test_what_another_inventory_uses_is_refused_by_none_and_has_no_effect(
    its: Data, cure: Data, line: str
) -> None:
    assert told(its) == []
    assert told({**its, **cure}) == []
    assert line in without_effect({"web1": its})
    assert without_effect({"web1": {**its, **cure}}) == []


@pytest.mark.parametrize(("its", "cure", "line"), WITHOUT_EFFECT)
def test_what_has_no_effect_is_a_line_however_many_hosts_have_it(
    its: Data, cure: Data, line: str
) -> None:
    assert without_effect({"web1": its, "web2": its}).count(line) == 1
    # All hosts may share what is for one of them.
    assert without_effect({"web1": {**its, **cure}, "web2": its}) == []
    # A database's or a balancer's host may share it with those that it is for.
    groups = {"db1": ("db",), "web1": ("app",)}
    assert without_effect({"db1": its, "web1": {}}, groups) == []


def test_a_default_may_be_written_down() -> None:
    its = {"media_url": "/media/", "python_mirror": "", "tls_server": ""}
    assert without_effect({"web1": {**its, "dump_before_migrate": False, "migrate": "off"}}) == []


def test_a_plan_tells_once_what_has_no_effect_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "inventory.py"
    path.write_text(inventory(2, tls_server="https://ca.example/directory"))
    done = pyinfra(path, ROOT / "deploy.py", "--dry")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count('tls_server has no effect, as tls = "off"') == 1


@pytest.mark.parametrize(
    "hosts",
    [
        ({"project": "shop"}, {"project": "blog"}),
        ({}, {"schedules": {"say": SAY}}),
        ({"migrate": "off"}, {"migrate": "once"}),
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
