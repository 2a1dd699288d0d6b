"""What the project's user tells at length: whoever deploys reads it on a machine of his own."""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Sequence

import pytest

from stack.facts.contents import HomeContents
from stack.facts.parsing import parse
from stack.facts.pending import PendingMigrations
from stack.facts.release_files import ReleaseFiles
from stack.facts.serving import Serving
from stack.facts.written import Written, WrittenFiles
from stack.state.placement import place
from stack.state.written import refusal
from tests.unit.hosts import converged, sample_target

TARGET = sample_target()
HERE = place(TARGET, converged(TARGET))
MANY = 100_000
SECONDS = 6
"""Far more than a slow machine needs, and far less than what grows with the square of them."""

HOME = "/home/fooproject"
RELEASE = f"{HOME}/releases/one"
DEEP = "/".join("a" * 2000)


def home(*fields: str) -> None:
    said = "".join(f"{field}\0" for field in (*fields, "end"))
    assert not parse([f"home\t{HOME}\t{b64encode(said.encode()).decode()}"]).is_whole


def entry(number: int) -> Sequence[str]:
    return ("entry", f"{HOME}/releases/{number}", "f", "644", "u", "users", "1.5", "2.5", "")


def contents(lines: Sequence[str]) -> None:
    facts = HomeContents()
    facts.names = set()
    assert len(facts.process([*lines, "end"]).emptied) == 1


def written(lines: Sequence[str]) -> None:
    found = WrittenFiles().process([f"r {RELEASE}", *lines, "e"])
    refusal(HERE, "one", found)


SAYINGS: dict[str, Callable[[], object]] = {
    "entries": lambda: home(*(field for number in range(MANY) for field in entry(number))),
    "sums": lambda: home(*(f"{'a' * 64}  {HOME}/{number}" for number in range(MANY))),
    "damaged": lambda: home(*(w for n in range(MANY) for w in ("damaged", f"{HOME}/{n}"))),
    "contents": lambda: contents(
        [*["e releases"] * MANY, *(f"o .virtualenvs/{number}" for number in range(MANY))]
    ),
    "written files": lambda: written([f"f source/{number}" for number in range(MANY)]),
    "written folders": lambda: written([f"d source/{number}" for number in range(MANY)]),
    "deep files": lambda: written([f"f source/{number}/{DEEP}" for number in range(5000)]),
    "one deep file": lambda: written([f"f {'a/' * 5_000_000}a"]),
    "digests": lambda: ReleaseFiles().process([f'{"a" * 64} "{n}"' for n in range(MANY)]),
    "migrations": lambda: PendingMigrations().process(["0001_initial"] * MANY),
}


@pytest.mark.parametrize("saying", SAYINGS)
def test_nobody_who_tells_much_keeps_the_deployers_machine_busy(saying: str) -> None:
    began = time.process_time()
    SAYINGS[saying]()
    assert time.process_time() - began < SECONDS


def test_a_home_of_a_thousand_releases_is_read() -> None:
    fields = [field for number in range(8000) for field in entry(number)]
    said = "".join(f"{field}\0" for field in (*fields, "end"))
    seen = parse([f"home\t{HOME}\t{b64encode(said.encode()).decode()}"])
    assert (seen.is_whole, len(seen.entries)) == (True, 8000)


def test_what_has_a_longer_name_than_ours_is_no_release() -> None:
    names = [f"{number}{'b' * 240}" for number in range(50)]
    records = [
        ("entry", f"{HOME}/{folder}/{name}", "d", "755", "u", "users", "1.5", "2.5", "")
        for folder in ("releases", ".virtualenvs")
        for name in (*names, "one")
    ]
    said = "".join(f"{field}\0" for field in (*(f for r in records for f in r), "end"))
    seen = parse([f"home\t{HOME}\t{b64encode(said.encode()).decode()}"])
    assert [*seen.entries] == [f"{HOME}/releases/one", f"{HOME}/.virtualenvs/one"]
    assert seen.is_whole


def test_what_is_decoded_of_a_home_is_lines_as_they_are_shown() -> None:
    target = "one\n\x1b[8mweb2"
    record = ("entry", f"{HOME}/fooproject", "l", "777", "u\x1b", "users", "1.5", "2.5", target)
    said = "".join(f"{field}\0" for field in (*record, "end"))
    seen = parse([f"home\t{HOME}\t{b64encode(said.encode()).decode()}"])
    assert seen.entries[f"{HOME}/fooproject"].target == "one??[8mweb2"
    assert seen.entries[f"{HOME}/fooproject"].owner == "u?"


def test_what_is_decoded_of_a_host_is_lines_as_they_are_shown() -> None:
    told = {"trouble": "500\n\x1b[8m", "unreached": ["a\nb"], "used_bytes": 3}
    serving = Serving().process([json.dumps(told)])
    assert (serving.trouble, serving.unreached) == ("500??[8m", ("a?b",))
    names = ("time", "release", "revision", "before", "by", "result", "why")
    entry = {**dict.fromkeys(names, "a\x1b[8m\n"), "seconds": 1.0}
    [attempt] = parse([f"log\t{json.dumps(entry)}"]).log
    assert {getattr(attempt, name) for name in names} == {"a?[8m?"}


def test_what_no_path_can_be_is_not_taken_for_all_that_was_written() -> None:
    assert WrittenFiles().process([f"r {RELEASE}", f"f {DEEP}", "e"]) == {RELEASE: None}
    found = WrittenFiles().process([f"r {RELEASE}", "f source/a", "e"])
    assert found == {RELEASE: Written(("source/a",))}


@pytest.mark.parametrize("when", ["", "now", "1e5", "1" * 40, "nan"])
def test_a_time_that_is_none_is_not_read(when: str) -> None:
    fields = ["entry", f"{HOME}/a", "f", "644", "u", "users", when, "2.5", "", "end"]
    said = "".join(f"{field}\0" for field in fields)
    seen = parse([f"home\t{HOME}\t{b64encode(said.encode()).decode()}"])
    assert (seen.is_whole, seen.entries) == (False, {})
