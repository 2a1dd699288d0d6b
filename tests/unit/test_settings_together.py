"""Settings that do not go with others, of the same host or of another one."""

from collections.abc import Mapping
from pathlib import Path

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
        'web2: migrate = "once": web1 would do it, the first of the app hosts, and has '
        'migrate = "off"; expected one value for all of them'
    ]
    assert len(told(each, once, once)) == 1

    assert told({"schedules": {"say": SAY}}, {}) == []
    assert told({}, {"schedules": {"say": {**SAY, "hosts": "each"}}}) == []
    assert told({}, {"programs": {"say": {"command": "echo", "hosts": "each"}}}) == []
    assert told({}, {"schedules": {"say": SAY}}) == [
        'web2: schedules["say"]: web1 would run it, the first of the app hosts, which does not '
        'have it; expected it there, or "hosts": "each"'
    ]
    assert len(told({}, {"programs": {"say": {"command": "echo", "hosts": "once"}}})) == 1
