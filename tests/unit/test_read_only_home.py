"""A home that cannot be written, as that of a disk that has failed: what still can be done."""

from pathlib import Path

import pytest

from tests.unit.fake_hosts import LINK, inventory
from tests.unit.running import pyinfra

LIBRARY = "entry\t/usr/local/lib/fooproject\td\t755\troot\troot\t0\t0\t"
TOLD = "/home is mounted read-only, as Linux does with a disk that has failed"
CLOSE = ("maintenance.py", "--data", "on=True")
REMOVE = ("remove.py",)
ROLLBACK = ("rollback.py", "--data", "release=old-1", "--data", "force=True")
RESTORE = ("restore.py", "--data", "release=old-1")


def run(folder: Path, *words: str, here: str = LIBRARY) -> tuple[int, str]:
    """How a run ends over a host whose home cannot be written, and what it says."""
    path = folder / "inventory.py"
    lines = [here, LINK, "without\twriting\t/home"]
    path.write_text(f"{inventory(1)}\n_seen += {lines!r}\n")
    done = pyinfra(path, *words)
    return done.returncode, done.stdout + done.stderr


def test_the_status_has_a_line_for_it(tmp_path: Path) -> None:
    code, said = run(tmp_path, "status.py")
    assert code == 0, said
    assert f"    home     {TOLD}" in said


def test_drift_is_looked_for_all_the_same(tmp_path: Path) -> None:
    code, said = run(tmp_path, "drift.py", "--json")
    assert code == 2, said
    assert '"converged": false' in said


def test_a_site_is_closed_all_the_same(tmp_path: Path) -> None:
    code, said = run(tmp_path, *CLOSE, "--dry")
    assert code == 0, said
    assert "Maintenance | Close " in said


@pytest.mark.parametrize("words", [("deploy.py",), ROLLBACK, RESTORE, REMOVE])
def test_what_would_write_to_it_is_refused_before_its_first_step(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    for how in ("--dry", "-y"):
        code, said = run(tmp_path, *words, how)
        assert code == 1
        assert f"@fake/web1: {TOLD}" in said
        assert "Starting operation" not in said


def test_where_nothing_is_left_there_is_nothing_to_refuse(tmp_path: Path) -> None:
    code, said = run(tmp_path, *REMOVE, "--dry", here=LINK)
    assert code == 0, said
