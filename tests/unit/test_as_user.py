"""What runs as the project's user holds root up no longer than it may, whatever he does to it."""

import os
import subprocess
import time

import pytest

from stack.shell.account import AS_USER

# Without another account. What has been stopped is looked for sooner.
ALIKE = AS_USER.replace('runuser -u "$user" --', "").replace("sleep 5", "sleep 0.2")


def ran(script: str, seconds: int = 60, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = ["sh", "-euc", ALIKE, "sh", "user", "/", str(seconds), script]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30)


def test_it_runs_with_its_input_and_ends_as_it_ends() -> None:
    done = ran("cat; echo why >&2; exit 3", stdin="a line\n")
    assert (done.returncode, done.stdout, done.stderr) == (3, "a line\n", "why\n")


@pytest.mark.parametrize(
    "script", ["kill -STOP $$; echo on", "sh -c 'kill -STOP $PPID; kill -STOP $$'; echo on"]
)
def test_a_step_that_was_stopped_goes_on(script: str) -> None:
    done = ran(script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "on\n", "")


@pytest.mark.parametrize("script", ["sleep 60", "trap '' TERM; while :; do sleep 1; done"])
def test_a_step_that_does_not_end_is_ended(script: str) -> None:
    began = time.monotonic()
    done = ran(script, seconds=1)
    assert done.returncode
    assert time.monotonic() - began < 15
    assert done.stderr.endswith("This was still running after 1 s and was killed.\n")


def test_who_attends_to_a_step_ends_after_it_though_the_signal_for_that_is_lost() -> None:
    """As on a busy machine, where it comes before sh can take one."""
    mark = f"0.{os.getpid():07}"
    deaf = ALIKE.replace('  kill "$!"\n  exit', "  exit").replace("sleep 0.2", f"sleep {mark}")
    assert deaf.count("kill") == ALIKE.count("kill") - 1
    subprocess.run(["sh", "-euc", deaf, "sh", "user", "/", "60", ":"], check=True, timeout=30)
    deadline = time.monotonic() + 10
    rested = 0
    while rested < 5:
        shown = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True).stdout
        rested = 0 if mark in shown else rested + 1
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_its_signals_are_as_they_always_are_and_nothing_of_roots_stays() -> None:
    mark = f"{os.getpid()}.5"
    done = ran(f"sleep {mark} & kill -TERM $!; wait $! || echo $?; kill -INT $$; echo not this")
    assert done.stdout == "143\n"
    deadline = time.monotonic() + 10
    while mark in subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True).stdout:
        assert time.monotonic() < deadline
        time.sleep(0.1)
