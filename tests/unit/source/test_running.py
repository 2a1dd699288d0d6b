"""A command on the controller, however much it says."""

import time
import tracemalloc
from pathlib import Path

import pytest

from stack.source.running import MOST_BYTES, CommandError, run

PATH = {"PATH": "/usr/bin:/bin"}


def test_of_what_a_command_says_the_end_is_kept(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CommandError, match="exit code 3") as failed:
            run("head -c 50000000 /dev/zero; echo why >&2; exit 3", tmp_path, PATH, 60)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert (len(failed.value.output), failed.value.output[-4:]) == (MOST_BYTES, "why\n")


@pytest.mark.parametrize("command", ["yes", "exec > /dev/null 2>&1; sleep 60"])
def test_one_that_does_not_end_is_ended(tmp_path: Path, command: str) -> None:
    began = time.monotonic()
    with pytest.raises(CommandError, match="took too long"):
        run(command, tmp_path, PATH, 1)
    assert time.monotonic() - began < 30
