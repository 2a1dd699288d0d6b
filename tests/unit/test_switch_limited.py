"""What runs as the project's user ends, whatever he does to it, and takes no memory."""

import os
import time

import pytest

from stack.onhost.switch.limited import MOST_BYTES, TooLongError, run_limited


def sh(script: str, seconds: float = 10) -> tuple[int, str]:
    return run_limited(["/bin/sh", "-c", script], seconds)


def test_its_end_and_its_words_are_told() -> None:
    assert sh("echo out; echo err >&2; exit 3") == (3, "out\nerr\n")
    assert sh("printf 'x\\377y'") == (0, "x\ufffdy")
    assert sh("exec > /dev/null 2>&1; sleep 0.2; exit 4") == (4, "")


@pytest.mark.parametrize(
    "script", ["kill -STOP $$", "while :; do echo more; done", "trap '' TERM INT HUP; sleep 99"]
)
def test_one_that_does_not_end_is_killed(script: str) -> None:
    began = time.monotonic()
    with pytest.raises(TooLongError, match=r"within 0\.3 s"):
        sh(script, 0.3)
    assert time.monotonic() - began < 5


def test_what_it_leaves_behind_is_not_waited_for() -> None:
    began = time.monotonic()
    code, said = sh("setsid sleep 30 & echo $!")
    os.kill(int(said), 9)
    assert (code, time.monotonic() - began < 5) == (0, True)


def test_of_what_it_prints_the_beginning_is_kept() -> None:
    code, said = sh("head -c 3000000 /dev/zero | tr '\\000' x")
    assert (code, len(said)) == (0, MOST_BYTES)
