"""Which host switches when, what stops a rollout, and how that is told."""

import json
from itertools import islice

import pytest

from stack.rollout.progress import Rollout
from stack.rollout.verdicts import Now, verdict
from stack.rollout.waves import split
from stack.run.command_line import broken_by, spoiled_by
from stack.state.served import Served
from tests.unit.test_settings import refusal

DEFAULT = (1, "25%", "100%")
OLD, NEW = "0ld-1", "new-1"


def names(count: int) -> list[str]:
    return [f"web{number}" for number in range(1, count + 1)]


# Waves


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (2, [1, 1]),
        (3, [1, 1, 1]),
        (4, [1, 1, 2]),
        (10, [1, 2, 7]),
        (200, [1, 49, 150]),
    ],
)
def test_the_default_is_a_canary_a_quarter_and_the_rest(count: int, sizes: list[int]) -> None:
    assert [len(wave.hosts) for wave in split(names(count), DEFAULT)] == sizes


@pytest.mark.parametrize(
    ("waves", "sizes"),
    [
        ((), [8]),
        (("100%",), [8]),
        ((1, 2, 3), [1, 1, 1, 5]),
        (("1%", "50%"), [1, 3, 4]),
        (("30%",), [3, 5]),
        ((100,), [8]),
        ((4, 2), [4, 1, 3]),
    ],
)
def test_each_wave_has_a_host_and_all_hosts_have_a_wave(
    waves: tuple[int | str, ...], sizes: list[int]
) -> None:
    found = split(names(8), waves)
    assert [len(wave.hosts) for wave in found] == sizes
    turns = iter(names(8))
    assert [wave.hosts for wave in found] == [set(islice(turns, size)) for size in sizes]
    assert [(wave.number, wave.count) for wave in found] == [
        (number, len(sizes)) for number in range(1, len(sizes) + 1)
    ]


def test_a_wave_is_named_where_there_are_several() -> None:
    assert [wave.label for wave in split(names(2), DEFAULT)] == [" (wave 1 of 2)", " (wave 2 of 2)"]
    assert [wave.label for wave in split(names(2), ())] == [""]


@pytest.mark.parametrize("wave", [0, -1, "0%", "101%", "25", "a quarter", "", "1.5%", True, 1.5])
def test_a_wave_is_a_number_of_hosts_or_a_percentage(wave: object) -> None:
    [line] = refusal({"web1": {"source": "tests/project", "waves": [1, wave]}})
    assert "waves[1]" in line


def test_one_rollout_has_one_way_to_go() -> None:
    base: dict[str, object] = {"source": "tests/project", "migrate": "each"}
    hosts = {"web1": base, "web2": {**base, "waves": [2]}, "web3": {**base, "gate_seconds": 1}}
    assert refusal(hosts) == [
        "web2: waves: differs from web1; expected one value for all hosts of a rollout",
        "web3: gate_seconds: differs from web1; expected one value for all hosts of a rollout",
    ]


# What stops it


def rollout(*switched: str) -> Rollout:
    """One in which these hosts have switched, in a wave each."""
    course = Rollout()
    course.begins([])
    for number, host in enumerate(switched, 1):
        course.turn(host, number, Served(OLD, "program", "virtualenv", "{}"))
        course.switched(host)
    return course


def test_a_host_that_fails_halts_it_and_those_that_have_switched_go_back() -> None:
    course = rollout("web1")
    course.turn("web2", 2, Served("", ""))
    course.fails("web2")
    assert course.is_halted
    assert course.goes_back("web1", "revert")
    assert not course.goes_back("web1", "stop")
    # Nothing was live there before, and the third had no turn.
    assert not course.goes_back("web2", "revert")
    assert not course.goes_back("web3", "revert")


def test_a_host_that_fails_before_the_first_switch_halts_it() -> None:
    course = Rollout()
    course.begins(["web3"])
    assert course.is_halted
    assert not rollout("web1").is_halted


def test_a_host_that_served_the_release_already_neither_is_watched_nor_goes_back() -> None:
    course = rollout("web1")
    course.turn("web2", 2, Served(NEW, "program", "virtualenv", "{}"))
    course.kept("web2")
    course.fails("web1")
    assert not course.is_watched("web2")
    assert not course.goes_back("web2", "revert")


def test_ctrl_c_halts_it_and_takes_nothing_back() -> None:
    course = rollout("web1")
    course.interrupted = "Ctrl-C"
    assert course.is_halted
    assert course.result == "interrupted"
    assert not course.goes_back("web1", "revert")


def test_ctrl_c_waits_for_the_wave_that_has_begun_and_a_failure_does_not() -> None:
    course = rollout("web1")
    course.turn("web2", 2, Served(OLD, "program", "virtualenv", "{}"))
    course.interrupted = "Ctrl-C"
    assert [course.lets(wave) for wave in (2, 3)] == [True, False]
    course.fails("web2")
    assert not course.lets(2)


def test_what_comes_back_has_the_values_that_it_ran_with() -> None:
    before = Served(OLD, "program", "virtualenv", '{"health_path": "/old"}')
    assert json.loads(before.values_over('{"health_path": "/new", "added": 1}')) == {
        "health_path": "/old",
        "added": 1,
    }
    assert json.loads(Served(OLD, "program").values_over('{"added": 1}')) == {"added": 1}


@pytest.mark.parametrize("damaged", ["", '{"health_path": "/ol', "[]", "null"])
def test_damaged_values_keep_nothing_from_coming_back(damaged: str) -> None:
    whole = '{"health_path": "/old"}'
    for values, newer in ((damaged, whole), (whole, damaged)):
        back = Served(OLD, "program", "virtualenv", values).values_over(newer)
        assert json.loads(back) == {"health_path": "/old"}


# How it is told


def test_a_failure_is_told_with_its_reason_and_what_each_host_serves() -> None:
    course = rollout("web1")
    course.turn("web2", 2, Served(OLD, "program", "virtualenv"))
    course.fails("web2", "/health answers 500")
    hosts = {"web1": Now(OLD), "web2": Now("", "is not reachable"), "web30": Now(OLD)}
    told = verdict(NEW, 3, course, hosts)
    assert told.text.splitlines() == [
        "The rollout of new-1 failed in wave 2 of 3, on web2:",
        "    web2 | /health answers 500",
        "    web1   serves 0ld-1, as before",
        "    web2   is not reachable",
        "    web30  serves 0ld-1, and had no turn",
        "Run deploy.py again to complete it, or rollback.py --data release=0ld-1 to go back.",
    ]
    assert told.exit_code == 1
    assert told.payload["rollout"] == {
        "release": NEW,
        "result": "failed",
        "wave": 2,
        "waves": 3,
        "failed": ["web2"],
        "hosts": {
            "web1": {"serves": OLD, "trouble": ""},
            "web2": {"serves": "", "trouble": "is not reachable"},
            "web30": {"serves": OLD, "trouble": ""},
        },
    }


def test_when_all_is_as_before_there_is_nothing_to_advise() -> None:
    course = rollout("web1")
    course.fails("web1", "ill")
    told = verdict(NEW, 3, course, {"web1": Now(OLD), "web2": Now(OLD, "it is ill")}).text
    assert told.splitlines()[2:] == [
        "    web1  serves 0ld-1, as before",
        "    web2  serves 0ld-1, and had no turn, but it is ill",
    ]


def test_ctrl_c_is_told_with_what_to_do_next() -> None:
    course = rollout("web1")
    course.interrupted = "Ctrl-C"
    told = verdict(NEW, 3, course, {"web1": Now(NEW), "web2": Now(OLD)})
    assert told.text.splitlines() == [
        "The rollout of new-1 was stopped by Ctrl-C in wave 1 of 3:",
        "    web1  serves new-1",
        "    web2  serves 0ld-1, and had no turn",
        "Run deploy.py again to complete it, or rollback.py --data release=0ld-1 to go back.",
    ]
    assert told.exit_code == 130


def test_hosts_that_were_lost_before_are_named() -> None:
    course = Rollout()
    course.begins(["web2"])
    told = verdict(NEW, 2, course, {"web1": Now(OLD), "web2": Now("", "failed before")}).text
    assert told.startswith("new-1 went live on no host, for web2 failed before:")


# The command line


@pytest.mark.parametrize(
    ("words", "hosts", "refused"),
    [
        (["-y"], 4, False),
        (["-y", "--no-wait"], 4, True),
        (["-y", "--no-wait"], 1, True),
        (["-y", "--serial"], 4, True),
        (["-y", "--serial"], 1, False),
        (["-y", "--retry", "1"], 2, True),
        (["-y", "--retry=1"], 1, True),
        (["-y", "--retry-delay", "1"], 2, False),
    ],
)
def test_what_would_break_the_waves_is_refused(words: list[str], hosts: int, refused: bool) -> None:
    told = broken_by(["pyinfra", "inventory.py", "deploy.py", *words], hosts)
    assert bool(told) == refused
    assert "\n" not in told


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ({"_sudo": True, "_ignore_errors": False}, ""),
        ({"_ignore_errors": True}, "_ignore_errors: "),
        ({"_run_once": True}, "_run_once: "),
        ({"_retries": 1}, "_retries: "),
        ({"_retry_until": print}, "_retry_until: "),
        ({"_success_exit_codes": [0, 1]}, "_success_exit_codes: "),
        ({"_get_pty": True}, "_get_pty: "),
    ],
)
def test_data_with_which_a_host_cannot_be_worked_on_is_refused(
    data: dict[str, object], refused: str
) -> None:
    told = spoiled_by(data)
    assert told.startswith(refused)
    assert bool(told) == bool(refused)


@pytest.mark.parametrize(("hosts", "refused"), [(4, "_serial: "), (1, "")])
def test_data_that_would_break_the_waves_is_refused(hosts: int, refused: str) -> None:
    told = broken_by(["pyinfra", "inventory.py", "deploy.py"], hosts, {"_serial": True})
    assert told.startswith(refused)
    assert bool(told) == bool(refused)
