"""The static files of the release before, for pages that visitors have open."""

import os
import subprocess
from pathlib import Path

import pytest

from stack.onhost.switch.takeover import KEEP_STATIC


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One with two releases, of which the first is live and has two files."""
    for release in ("old", "new"):
        folder = tmp_path / "releases" / release
        (folder / "source/static").mkdir(parents=True)
        (folder / "src").symlink_to("source")
    (tmp_path / "fooproject").symlink_to("releases/old")
    old = tmp_path / "releases/old"
    for name in ("collected.css", "left behind.css"):
        (old / "source/static" / name).write_text(name)
    (old / ".built").write_text("source/static/collected.css f 644 0 13 1.0 \n")
    return tmp_path


def kept(home: Path) -> list[str]:
    new = home / "releases/new"
    subprocess.run(["sh", "-euc", KEEP_STATIC, "sh", home / "fooproject", new], check=True)
    return sorted(path.name for path in (new / "source/static").iterdir())


def test_what_a_release_was_built_with_is_kept_for_those_who_have_its_pages(home: Path) -> None:
    assert kept(home) == ["collected.css"]


def test_what_is_no_manifest_of_ours_is_not_read(home: Path) -> None:
    """A line without an end would take all of the host's memory."""
    os.truncate(home / "releases/old/.built", 300_000_000)
    assert kept(home) == []
    (home / "releases/old/.built").unlink()
    os.mkfifo(home / "releases/old/.built")
    assert kept(home) == []
