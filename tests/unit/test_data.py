"""A release that has its data elsewhere than the live one is told from it, whatever names it by."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.onhost.inside import data as of_data
from stack.onhost.inside.data import data, elsewhere


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of two releases that share a folder, of which the second is live."""
    (tmp_path / "shared" / "data").mkdir(parents=True)
    for name in ("1", "2"):
        src = tmp_path / "releases" / name / "source" / "src"
        src.mkdir(parents=True)
        (src / "data").symlink_to(tmp_path / "shared" / "data")
        (tmp_path / "releases" / name / "src").symlink_to("source/src")
    (tmp_path / "shop").symlink_to("releases/2")
    monkeypatch.setenv("USER", "shop")
    monkeypatch.setattr(of_data, "folders", dict)
    return tmp_path


@pytest.fixture
def told(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a release tells, whose `default` has these settings."""

    def of(release: str, vendor: str, **its: object) -> dict[str, str]:
        monkeypatch.setenv("RELEASE_FOLDER", str(home / "releases" / release))
        one = SimpleNamespace(vendor=vendor, settings_dict=its)
        monkeypatch.setattr(of_data, "connections", {"default": one})
        return data()

    return of


def test_a_site_that_has_moved_to_another_database_is_told_with_both(home: Path, told: Any) -> None:
    earlier = told("1", "sqlite", NAME="data/db.sqlite3")
    live = told("2", "postgresql", NAME="shop", HOST="10.0.0.5", PORT=5432, PASSWORD="secret")
    assert list(elsewhere(earlier, live)) == [
        f'DATABASES["default"] is sqlite {home}/shared/data/db.sqlite3, and of the live release '
        "postgresql shop at 10.0.0.5:5432."
    ]


@pytest.mark.parametrize("before", [{"NAME": "old"}, {"HOST": "10.0.0.6"}, {"PORT": "5433"}])
def test_a_name_a_server_and_a_port_make_a_database(told: Any, before: dict[str, str]) -> None:
    live = told("2", "postgresql", NAME="shop", HOST="10.0.0.5", PORT="5432")
    earlier = told("1", "postgresql", **{"NAME": "shop", "HOST": "10.0.0.5", "PORT": 5432} | before)
    assert len(list(elsewhere(earlier, live))) == 1


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("data/db.sqlite3", "HOME/shared/data/db.sqlite3"),
        ("data/db.sqlite3", "HOME/shop/src/data/db.sqlite3"),
        ("file:data/db.sqlite3?mode=rwc", "data/db.sqlite3"),
        # What each release brings with it, and what none keeps.
        ("geo.sqlite3", "geo.sqlite3"),
        (":memory:", "file::memory:?cache=shared"),
    ],
)
def test_one_file_is_one_database_by_whatever_path(
    home: Path, told: Any, before: str, now: str
) -> None:
    earlier = told("1", "sqlite", NAME=before)
    live = told("2", "sqlite", NAME=now.replace("HOME", str(home)))
    assert list(elsewhere(earlier, live)) == []


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "127.0.0.2", "/run/postgresql"])
@pytest.mark.parametrize("port", ["", 5432])
def test_a_server_on_the_host_itself_is_one_by_whatever_name(
    told: Any, host: str, port: object
) -> None:
    earlier = told("1", "postgresql", NAME="shop", HOST=host, PORT=port)
    live = told("2", "postgresql", NAME="shop", HOST="127.0.0.3", PORT="5432")
    assert list(elsewhere(earlier, live)) == []


def test_a_password_or_another_user_makes_no_other_database(told: Any) -> None:
    earlier = told("1", "postgresql", NAME="shop", USER="one", PASSWORD="old")
    live = told("2", "postgresql", NAME="shop", USER="two", PASSWORD="new")
    assert list(elsewhere(earlier, live)) == []


def test_a_folder_of_uploads_that_has_moved_is_told_once_however_many_fields_use_it() -> None:
    live = dict.fromkeys(("MEDIA_ROOT", "Where a.B.c keeps files"), "/home/shop/shared/uploads")
    earlier = dict.fromkeys(live, "/home/shop/shared/media")
    assert list(elsewhere(earlier, live)) == [
        "MEDIA_ROOT is /home/shop/shared/media, and of the live release /home/shop/shared/uploads."
    ]


def test_what_only_one_of_them_has_is_not_elsewhere() -> None:
    assert list(elsewhere({"MEDIA_ROOT": "/a"}, {'DATABASES["geo"]': "sqlite /b"})) == []
