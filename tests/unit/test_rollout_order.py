"""The order of a rollout over many hosts, by pyinfra itself with hosts that are not there."""

import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.unit.fake_hosts import LIVE
from tests.unit.running import pyinfra

COUNT = 12
INVENTORY = """
_seen = {seen!r}
app = [
    (f"@fake/web{{number}}", {{"fake_delay": 0, "fake_delay_jitter": 0.05, "fake_responses": {{
        "dpkg-query": _seen,
        "{fails}-now": {{"success": number != {broken}, "stderr": ["it is broken"]}},
    }}}})
    for number in range(1, {count} + 1)
]
"""
DEPLOY = """
from pyinfra.api import StringCommand, deploy
from tasks.rollout import _in_waves
from tests.unit.hosts import sample_target

def migrate(target):
    yield StringCommand("migrate-now")

def switch(target):
    yield StringCommand("switch-now")

@deploy("Release")
def put_live():
    _in_waves("Serve new-1", "new-1", switch, {migrate}, target=sample_target(gate_seconds=0))

put_live()
"""


def run(
    folder: Path, *words: str, each: bool = False, fails: str = "switch", broken: int = 0
) -> "CompletedProcess[str]":
    """Roll out over fake hosts, of which one cannot switch, or cannot migrate.

    Args:
        each: every host migrates, in its turn.
        fails: "switch" or "migrate".
        broken: the number of the host on which that fails; 0 for none.
    """
    inventory, deploy = folder / "inventory.py", folder / "fake_deploy.py"
    inventory.write_text(INVENTORY.format(seen=LIVE, fails=fails, broken=broken, count=COUNT))
    deploy.write_text(DEPLOY.format(migrate="migrate" if each else None))
    return pyinfra(inventory, deploy, *words)


def hosts(*numbers: int) -> set[str]:
    return {f"@fake/web{number}" for number in numbers}


def successes(output: str) -> dict[str, set[str]]:
    """The hosts on which each operation changed something, by its name, in the order of the run."""
    found: dict[str, set[str]] = {}
    for part in output.split("--> Starting operation: Release | ")[1:]:
        found[part.splitlines()[0].strip()] = set(re.findall(r"\[(\S+)\] +Success", part))
    return found


def planned(folder: Path, each: bool = False) -> dict[str, set[str]]:
    """The hosts that each operation would change, by its name."""
    plan = json.loads(run(folder, "--dry", "--json", each=each).stdout)["plan"]
    return {one["name"].removeprefix("Release | "): set(one["hosts_with_change"]) for one in plan}


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
    assert planned(tmp_path) == successes(done.stderr)


def test_a_host_with_a_database_of_its_own_migrates_before_its_switch(tmp_path: Path) -> None:
    done = run(tmp_path, "-y", each=True)
    assert done.returncode == 0, done.stderr
    changed = successes(done.stderr)
    assert [(name, changed[name]) for name in changed if "Watch" not in name][:6] == [
        ("Migrate the database to new-1 (wave 1 of 3)", hosts(1)),
        ("Serve new-1 (wave 1 of 3)", hosts(1)),
        ("Migrate the database to new-1 (wave 2 of 3)", hosts(2, 3)),
        ("Serve new-1 (wave 2 of 3)", hosts(2, 3)),
        ("Migrate the database to new-1 (wave 3 of 3)", hosts(*range(4, COUNT + 1))),
        ("Serve new-1 (wave 3 of 3)", hosts(*range(4, COUNT + 1))),
    ]
    assert planned(tmp_path, each=True) == changed


@pytest.mark.parametrize("words", [["-y"], ["-y", "--fail-percent", "100", "--json"]])
def test_a_migration_that_fails_ends_it_however_it_is_run(tmp_path: Path, words: list[str]) -> None:
    done = run(tmp_path, *words, each=True, fails="migrate", broken=3)
    assert done.returncode == 1
    changed = successes(done.stderr)
    assert changed["Serve new-1 (wave 1 of 3)"] == hosts(1)
    assert changed["Migrate the database to new-1 (wave 2 of 3)"] == hosts(2)
    assert changed["Serve new-1 (wave 2 of 3)"] == set()
    assert changed["Migrate the database to new-1 (wave 3 of 3)"] == set()
    assert "The rollout of new-1 failed in wave 2 of 3, on @fake/web3:" in done.stderr
    assert "@fake/web3 | it is broken" in done.stderr
    assert "@fake/web2   serves old-1, as before" in done.stderr
    assert "@fake/web4   serves old-1, and had no turn" in done.stderr
    assert "Traceback" not in done.stderr


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
