"""The order of a rollout over many hosts, by pyinfra itself with hosts that are not there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.fake_hosts import LIVE

ROOT = Path(__file__).parents[2]
COUNT = 12
INVENTORY = """
_seen = {seen!r}
app = [
    (f"@fake/web{{number}}", {{"fake_delay": 0, "fake_delay_jitter": 0.05, "fake_responses": {{
        "dpkg-query": _seen,
        "switch-now": {{"success": number != {broken}, "stderr": ["it is broken"]}},
    }}}})
    for number in range(1, {count} + 1)
]
"""
DEPLOY = """
from pyinfra.api import StringCommand, deploy, operation
from tasks.rollout import _in_waves
from tests.unit.hosts import sample_release

@operation()
def switch(release):
    yield StringCommand("switch-now")

@deploy("Release")
def put_live():
    _in_waves("Serve new-1", "new-1", switch, release=sample_release(gate_seconds=0))

put_live()
"""


def run(folder: Path, *words: str, broken: int = 0) -> "subprocess.CompletedProcess[str]":
    """Roll out over fake hosts, of which one cannot switch."""
    inventory, deploy = folder / "inventory.py", folder / "fake_deploy.py"
    inventory.write_text(INVENTORY.format(seen=LIVE, broken=broken, count=COUNT))
    deploy.write_text(DEPLOY)
    pyinfra = Path(sys.executable).with_name("pyinfra")
    return subprocess.run(
        [pyinfra, inventory, deploy, *words],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "for group_data", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def hosts(*numbers: int) -> set[str]:
    return {f"@fake/web{number}" for number in numbers}


def successes(output: str) -> dict[str, set[str]]:
    """The hosts on which each operation changed something, by its name, in the order of the run."""
    found: dict[str, set[str]] = {}
    for part in output.split("--> Starting operation: Release | ")[1:]:
        found[part.splitlines()[0].strip()] = set(re.findall(r"\[(\S+)\] +Success", part))
    return found


def test_waves_go_one_after_the_other_in_the_inventorys_order(tmp_path: Path) -> None:
    done = run(tmp_path, "-y", "--json")
    assert done.returncode == 0, done.stderr
    assert list(successes(done.stderr).items()) == [
        ("Serve new-1 (wave 1 of 3)", hosts(1)),
        ("Watch what has switched (wave 1 of 3)", set()),
        ("Serve new-1 (wave 2 of 3)", hosts(2, 3)),
        ("Watch what has switched (wave 2 of 3)", set()),
        ("Serve new-1 (wave 3 of 3)", hosts(*range(4, COUNT + 1))),
        ("Watch what has switched (wave 3 of 3)", set()),
        ("Go back, where the rollout has failed", set()),
        ("End the rollout", set()),
    ]
    plan = json.loads(run(tmp_path, "--dry", "--json").stdout)["plan"]
    assert {one["name"]: set(one["hosts_with_change"]) for one in plan} == {
        f"Release | {name}": changed for name, changed in successes(done.stderr).items()
    }


@pytest.mark.parametrize("words", [["-y"], ["-y", "--fail-percent", "100", "--json"]])
def test_a_failure_ends_it_however_it_is_run(tmp_path: Path, words: list[str]) -> None:
    done = run(tmp_path, *words, broken=3)
    assert done.returncode == 1
    changed = successes(done.stderr)
    assert changed["Serve new-1 (wave 1 of 3)"] == hosts(1)
    assert changed["Serve new-1 (wave 2 of 3)"] == hosts(2)
    assert changed["Serve new-1 (wave 3 of 3)"] == set()
    assert "The rollout of new-1 failed in wave 2 of 3, on @fake/web3:" in done.stderr
    assert "@fake/web3 | it is broken" in done.stderr
    assert "@fake/web12  serves old-1, and had no turn" in done.stderr
    assert "Traceback" not in done.stderr
    if "--json" in words:
        told = json.loads(done.stdout)["rollout"]
        assert (told["result"], told["wave"], told["failed"]) == ("failed", 2, ["@fake/web3"])
