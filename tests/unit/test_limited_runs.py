"""Runs that leave hosts of some role out, over hosts that are not there."""

from pathlib import Path
from typing import Any

import pytest

from stack.inventory.roles import APP, DB, LB
from tests.unit.fake_hosts import inventory
from tests.unit.running import pyinfra

BALANCER = """
lb = [_host("lb", 7)]
"""
PASSWORD: dict[str, Any] = {"database_password": "a password for tests alone", "migrate": "once"}
RESTORE = ("restore.py", "--data", "release=one")
WITHOUT_APP = ("--limit", LB)


def run(folder: Path, text: str, *words: str) -> str:
    """What a plan prints."""
    path = folder / "inventory.py"
    path.write_text(text)
    done = pyinfra(path, "--dry", *words)
    return done.stdout + done.stderr


@pytest.mark.parametrize("limit", [("--limit", DB), WITHOUT_APP, ("--exclude", "@fake/web1")])
def test_who_has_the_dumps_is_told_whichever_hosts_are_left_out(
    tmp_path: Path, limit: tuple[str, str]
) -> None:
    text = inventory(2, database=True, **PASSWORD) + BALANCER
    told = run(tmp_path, text, *limit, *RESTORE)
    assert "@fake/web1 migrates for all hosts, so it has the dumps: run it for @fake/web1." in told


@pytest.mark.parametrize("entry", ["deploy.py", "rollback.py", "status.py"])
def test_a_run_over_no_app_host_has_a_plan(tmp_path: Path, entry: str) -> None:
    text = inventory(2, database=True, **PASSWORD) + BALANCER
    told = run(tmp_path, text, *WITHOUT_APP, entry)
    assert "Traceback" not in told
    assert "pyinfra error" not in told


def test_dumps_are_not_looked_for_where_no_app_host_is_in_the_run(tmp_path: Path) -> None:
    why = "App hosts have the dumps, and none is in this run: run it for one."
    each = inventory(2, migrate="each") + BALANCER
    assert why in run(tmp_path, each, *WITHOUT_APP, *RESTORE)
    assert why not in run(tmp_path, each, "--limit", APP, *RESTORE)
    alone = inventory(1, database=True, **PASSWORD) + "del app\n"
    assert why in run(tmp_path, alone, *RESTORE)
