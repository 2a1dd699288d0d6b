"""What the user leaves where an understudy listened is removed, and holds up no switch."""

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.onhost.switch import clearing, former, understudy
from stack.onhost.switch.understudy import clear_away

ENDLESS = ("/bin/sh", "-c", "sleep 60", "rm")
"""For rm, as folders in folders, a hundred thousand deep, have it."""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A host that has no understudy any more, but its folder."""
    monkeypatch.setattr(understudy, "_units", lambda host: [])
    sockets = tmp_path / "shop-understudy"
    sockets.mkdir(mode=0o711)
    (sockets / "1.sock").touch()
    run = tmp_path / "run"
    run.mkdir()
    monkeypatch.setattr(former, "PLACE", run)
    gone = tmp_path / "shop-understudy.gone"
    return SimpleNamespace(user="shop", uid=os.getuid(), sockets=sockets, removed=gone)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What systemd was asked to run."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(clearing, "run", lambda *words: asked.append(words), raising=False)
    return asked


def test_an_understudys_folder_goes_at_once(host: Any, later: list[tuple[str, ...]]) -> None:
    clear_away(host)
    assert (host.sockets.exists(), host.removed.exists(), later) == (False, False, [])
    clear_away(host)
    assert (host.removed.exists(), later) == (False, [])


def test_the_folder_of_an_earlier_version_goes_unless_it_is_anothers(
    host: Any, later: list[tuple[str, ...]]
) -> None:
    folder = former.sockets("shop")
    folder.mkdir()
    (folder / "1.sock").touch()
    host.uid += 1
    clear_away(host)
    assert (folder / "1.sock").exists()
    host.uid -= 1
    clear_away(host)
    assert (folder.exists(), host.removed.exists(), later) == (False, False, [])


def test_the_units_of_an_earlier_version_are_ended_and_no_other_projects(
    host: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 1796046768370178698
    its = [f"shop.understudy-{number}.service", f"shop-understudy-{number}.service"]
    others = [
        "shop-understudy-1.service",
        f"shop-understudy.understudy-{number}.service",
        f"shop-understudy-1-understudy-{number}.service",
    ]
    listed = "\n".join(f"{name} loaded active running" for name in [*its, *others])
    monkeypatch.undo()
    monkeypatch.setattr(understudy, "run", lambda *_: listed)
    assert understudy._units(host) == its


def test_folders_without_end_are_removed_while_nobody_waits(
    host: Any, later: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "AT_ONCE_SECONDS", 0.1)
    monkeypatch.setattr(clearing, "RM", ENDLESS)
    began = time.monotonic()
    clear_away(host)
    assert time.monotonic() - began < 10
    # So a plan is empty, and he reaches nothing of it by its path.
    assert not host.sockets.exists()
    assert [path.name for path in host.removed.glob("*/*")] == ["1.sock"]
    assert stat.S_IMODE(host.removed.stat().st_mode) == 0o700
    [words] = later
    assert words[-5:] == (*ENDLESS, str(host.removed))
    assert [word for word in words if word.startswith("--unit=shop.clearing-")]


def test_what_a_removal_has_left_that_was_cut_is_found_again(
    host: Any, later: list[tuple[str, ...]]
) -> None:
    shutil.rmtree(host.sockets)
    (host.removed / "before/d").mkdir(parents=True)
    clear_away(host)
    [words] = later
    # Systemd runs it; here it runs by itself.
    subprocess.run(words[-5:], check=True)
    assert not host.removed.exists()


def test_where_no_folder_can_be_made_beside_it_is_removed_in_its_place(
    host: Any, later: list[tuple[str, ...]]
) -> None:
    host.removed.touch()
    clear_away(host)
    assert not host.sockets.exists()
    assert later[0][-1] == str(host.removed)
