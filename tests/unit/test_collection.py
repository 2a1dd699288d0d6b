"""The tests themselves: every process of a run must know each of them by the same name."""

import os
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]


def collected(hash_seed: str) -> list[str]:
    """The names of all tests, as one process of another run sees them."""
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pytest", TESTS, "--collect-only", "-q", "-p", "no:cacheprovider"],
        env={**inherited, "PYTHONHASHSEED": hash_seed, "DRIFT_SEED": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.splitlines()[:-1]


def test_a_test_has_the_same_name_in_every_process_and_at_any_time() -> None:
    first = collected("1")
    second_of_first = int(time.time())
    while int(time.time()) == second_of_first:
        time.sleep(0.05)
    assert collected("2") == first
    assert len(first) > 1000
