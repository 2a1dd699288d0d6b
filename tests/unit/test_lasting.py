"""What is told of places where a project keeps something, as a release's Django is asked."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from stack.onhost.inside import lasting, reach
from stack.onhost.inside.lasting import MEDIA, Kept

DATABASE = 'The SQLite database of DATABASES["default"]'


@pytest.fixture
def src(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a release that is the live one too."""
    release = tmp_path / "releases" / "1"
    (release / "source" / "src").mkdir(parents=True)
    (release / "src").symlink_to("source/src")
    for name, value in {
        "RELEASE_FOLDER": str(release),
        "SHARED": json.dumps(["logs"]),
        "USER": "shop",
    }.items():
        monkeypatch.setenv(name, value)
    return (release / "src").resolve()


def keeps(monkeypatch: pytest.MonkeyPatch, *places: Kept) -> None:
    monkeypatch.setattr(lasting, "_all_kept", lambda _: iter(places))


def test_uploads_are_shared_or_else_served(src: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeps(monkeypatch, Kept(DATABASE, src / "db.sqlite3", True), Kept(MEDIA, src / "media"))
    assert lasting.lost()[2:] == [
        'The next release would not have it. Write: shared = ["logs", "db.sqlite3", "media"]',
        "Or, for Nginx to serve the uploads to everybody, write in place of that: "
        'media_root = "media" and shared = ["logs", "db.sqlite3"]',
    ]


def test_a_folder_with_the_database_is_not_served(
    src: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps(monkeypatch, Kept(DATABASE, src / "data" / "db", True), Kept(MEDIA, src / "data"))
    assert lasting.lost()[-1].endswith('Write: shared = ["logs", "data"]')


def test_of_what_cannot_be_shared_the_setting_is_named(
    src: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps(monkeypatch, Kept(DATABASE, src.parent / "data" / "db.sqlite3", True))
    assert lasting.lost() == [
        f"{DATABASE} is source/data/db.sqlite3 of this release.",
        "It lies outside src (src), and only what is below can be shared. Have it there, by a "
        "variable in env, or by a settings module that the setting files brings, as look.py prints "
        "one.",
    ]


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of somebody else's: root, who may run this, may write to all."""
    folder = tmp_path / "closed"
    folder.mkdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, how: path != folder and access(path, how))
    return folder


def test_uploads_that_cannot_be_written_are_told(
    src: Path, monkeypatch: pytest.MonkeyPatch, closed: Path
) -> None:
    keeps(monkeypatch, Kept(MEDIA, closed / "a" / "media"), Kept("Where", src / "made"))
    [line] = lasting.unwritable()
    assert f"MEDIA_ROOT is {closed}/a/media, and shop may not make it in {closed}." in line
    keeps(monkeypatch, Kept(MEDIA, closed))
    [line] = lasting.unwritable()
    assert f"MEDIA_ROOT is {closed}, and shop may not write there." in line


@pytest.mark.parametrize(("folder", "lacks"), [("", "is not shop's to write to"), ("a", "is not")])
def test_a_database_that_cannot_be_made_is_named_with_its_place(
    src: Path, monkeypatch: pytest.MonkeyPatch, closed: Path, folder: str, lacks: str
) -> None:
    path = closed / folder / "db.sqlite3"
    its = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": path})
    monkeypatch.setattr(reach, "connections", {"default": its})
    start = f"The SQLite database {path} cannot be made: {path.parent} {lacks}"
    assert reach.unreachable().startswith(start)
    monkeypatch.setenv("DECLARED", "DB_NAME")
    monkeypatch.setenv("DB_NAME", str(path))
    assert reach.unreachable().endswith("Its location comes from DB_NAME in the setting env.")
    its.settings_dict["NAME"] = src / "db.sqlite3"
    assert reach.unreachable() == ""
