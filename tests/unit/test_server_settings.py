"""What a project asks of its server as a whole, beside what others ask of it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stack.facts.parsing import parse
from stack.host.files import File
from stack.host.observation import Observation, Unit
from stack.host.recorded import Project, projects_of
from stack.project import host_wide
from stack.project.target import Target
from stack.settings import load
from stack.shell.scripts import script
from stack.state import swap, updates
from stack.state.refusal import refusals
from tests.unit.hosts import entries_of

SHELL = Path(__file__).parents[2] / "stack" / "shell"


def wanted(**data: object) -> Target:
    return Target(load({"source": ".", **data}, "web1"))


def test_what_is_asked_is_written_down_for_other_projects() -> None:
    assert host_wide.record(wanted()) == []
    _, record = host_wide.record(wanted(automatic_updates=True))
    assert isinstance(record, File)
    assert projects_of([(record.path, record.content)]) == (
        Project("fooproject", automatic_updates=True),
    )


UPDATED = Observation(
    packages=frozenset({updates.PACKAGE}),
    entries=entries_of([host_wide.UPDATES], 1.0),
    units={timer: Unit(active="active", enabled="enabled") for timer in updates.TIMERS},
)


def test_a_host_updates_itself_while_its_file_and_timers_say_so() -> None:
    assert updates.is_on(UPDATED)
    assert not updates.is_on(replace(UPDATED, packages=frozenset()))
    assert not updates.is_on(replace(UPDATED, entries={}))
    stopped = {**UPDATED.units, "apt-daily.timer": Unit(active="active", enabled="disabled")}
    assert updates.stopped(replace(UPDATED, units=stopped)) == ["apt-daily.timer"]
    assert not updates.is_on(replace(UPDATED, units=stopped))


def test_needrestart_gets_its_file_where_it_is_installed() -> None:
    with_it = replace(UPDATED, packages=UPDATED.packages | {"needrestart"})
    assert updates.files(with_it) == [host_wide.UPDATES, host_wide.NEEDRESTART]
    assert not updates.is_on(with_it)


def test_updates_go_on_for_as_long_as_any_project_asks_for_them() -> None:
    both = replace(UPDATED, projects=(Project("shop", automatic_updates=True),))
    assert updates.superfluous(UPDATED, wanted()) == [host_wide.UPDATES.path]
    assert updates.superfluous(UPDATED, wanted(automatic_updates=True)) == []
    assert updates.superfluous(both, wanted()) == []
    assert updates.superfluous(Observation(), wanted()) == []


SWAPPED = Observation(
    entries=entries_of([host_wide.SWAP], 1.0),
    swap_file="536870912 600 root",
    swaps=True,
    units={host_wide.SWAP_UNIT: Unit(enabled="enabled")},
)


def test_a_host_swaps_while_its_file_and_unit_say_so() -> None:
    assert swap.is_on(SWAPPED, "512M")
    assert not swap.is_on(SWAPPED, "1G")
    assert not swap.is_on(replace(SWAPPED, swaps=False), "512M")
    assert not swap.is_on(replace(SWAPPED, swap_file="536870912 644 root"), "512M")
    assert not swap.is_on(replace(SWAPPED, units={}), "512M")
    assert not swap.is_on(replace(SWAPPED, entries={}), "512M")
    assert (swap.trouble(SWAPPED, "512M"), swap.trouble(Observation(), "")) == ("", "")
    off = replace(SWAPPED, swaps=False)
    assert swap.trouble(off, "512M") == "the host does not swap to its file of 512M"
    assert swap.trouble(SWAPPED, "1G") == "the file has 512M, in place of 1G"
    assert swap.trouble(replace(SWAPPED, units={}), "512M") == "is in use, and not as declared"


def test_the_swap_file_goes_when_no_project_asks_for_it() -> None:
    assert swap.is_superfluous(SWAPPED, wanted())
    assert swap.is_superfluous(replace(SWAPPED, entries={}), wanted())
    assert not swap.is_superfluous(Observation(), wanted())
    assert not swap.is_superfluous(SWAPPED, wanted(swap="1G"))
    both = replace(SWAPPED, projects=(Project("shop", swap="512M"),))
    assert not swap.is_superfluous(both, wanted())


def told_of(seen: Observation, target: Target) -> str:
    """What of a project's settings is somebody else's on a host, a line for each."""
    return "\n".join(refusals(seen, target))


def test_two_projects_ask_for_one_size() -> None:
    beside = replace(SWAPPED, projects=(Project("shop", swap="512M"),))
    assert told_of(beside, wanted()) == ""
    assert told_of(beside, wanted(swap="512M")) == ""
    in_other_words = replace(SWAPPED, projects=(Project("shop", swap="1G"),))
    assert told_of(in_other_words, wanted(swap="1024M")) == ""
    assert 'shop on this host has "1G"' in told_of(in_other_words, wanted(swap="1000M"))
    damaged = replace(SWAPPED, projects=(Project("shop", swap="much"),))
    assert 'shop on this host has "much"' in told_of(damaged, wanted(swap="1G"))
    assert 'swap = "1G": shop on this host has "512M"' in told_of(beside, wanted(swap="1G"))


def test_what_the_host_says_of_its_swap_is_read() -> None:
    seen = parse(["swap-file\t536870912 600 root", "swaps\t/var/swap/django_stack"])
    assert (seen.swap_file, seen.swaps) == ("536870912 600 root", True)
    assert (parse([]).swap_file, parse([]).swaps) == ("", False)


FOLLOWED = """
yes 'telling one' | head -n 5000
echo telling two
"""


def test_what_is_followed_is_told_as_it_comes_and_up_to_a_number_of_lines() -> None:
    functions = script(str(SHELL / "x"), "last_lines.sh")
    follow = 'follow=\'s/^telling //p\'; last_lines sh -c "$1"; echo "$told" | wc -l'
    done = subprocess.run(
        ["sh", "-euc", functions + follow, "sh", FOLLOWED], capture_output=True, text=True
    )
    told = done.stdout.splitlines()
    assert told == [*["one"] * 1000, "What follows is not told.", "5001"]
    few = subprocess.run(
        ["sh", "-euc", functions + follow, "sh", "echo telling; echo telling two; exit 3"],
        capture_output=True,
        text=True,
    )
    assert (few.stdout.splitlines(), few.returncode) == (["two"], 1)


def test_of_what_has_failed_lines_of_some_length_are_told() -> None:
    functions = script(str(SHELL / "x"), "last_lines.sh")
    fails = "last_lines sh -c 'head -c 100000 /dev/zero | tr \\\\0 x; echo; echo why; exit 1'"
    done = subprocess.run(["sh", "-c", functions + fails], capture_output=True, text=True)
    assert done.stderr.splitlines() == ["x" * 2000, "why"]


@pytest.mark.parametrize(
    ("command", "is_told"),
    [
        ("last_lines sh -c 'kill -KILL $$'", True),
        ("last_lines sh -c 'exit 1'", False),
        ("last_lines true", False),
        ("told='gcc: fatal error: Killed signal terminated program cc1'; hint", True),
        ("told='error: command gcc failed'; hint", False),
    ],
)
def test_what_lacks_memory_is_told_with_the_setting(command: str, is_told: bool) -> None:
    functions = script(str(SHELL / "x"), "last_lines.sh") + script(str(SHELL / "x"), "hint.sh")
    done = subprocess.run(["sh", "-c", functions + command], capture_output=True, text=True)
    assert ('swap = "1G"' in done.stderr) is is_told
