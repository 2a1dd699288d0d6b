"""Where a release's static files are, and may not be, and which setting is to blame."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from stack.onhost.inside import static


def test_static_files_in_a_shared_folder_are_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared" / "data").mkdir(parents=True)
    src = tmp_path / "release" / "source"
    src.mkdir(parents=True)
    (tmp_path / "release" / "src").symlink_to("source")
    (src / "data").symlink_to(tmp_path / "shared" / "data")
    for name, value in {
        "RELEASE_FOLDER": str(tmp_path / "release"),
        "SHARED": json.dumps(["media", "data"]),
        "STATIC": "/static/",
        "COLLECTS": "now",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(static, "apps", SimpleNamespace(is_installed=lambda _: True))
    django = SimpleNamespace(STATIC_URL="/static/", STATIC_ROOT=str(src / "data" / "static"))
    monkeypatch.setattr(static, "settings", django)
    [line] = static.misplaced()
    assert line.endswith(
        "data of the setting shared has it: share what else is in there, folder by folder, and not "
        "data as a whole."
    )


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that has two folders of files, and whose project collects none."""
    folder = tmp_path / "release"
    for name in ("assets", "more"):
        (folder / "source" / "site" / name).mkdir(parents=True)
    (folder / "src").symlink_to("source/site")
    monkeypatch.setenv("RELEASE_FOLDER", str(folder))
    monkeypatch.setenv("STATIC", "/static/")
    monkeypatch.setenv("COLLECTS", "never")
    return folder


def noted(
    monkeypatch: pytest.MonkeyPatch,
    release: Path,
    dirs: list[object],
    root: str = "",
    app: bool = True,
) -> str:
    """Where Nginx is told to find the static files, from the release's folder."""
    monkeypatch.setattr(static, "apps", SimpleNamespace(is_installed=lambda _: app))
    django = SimpleNamespace(STATIC_URL="/static/", STATIC_ROOT=root, STATICFILES_DIRS=dirs)
    monkeypatch.setattr(static, "settings", django)
    assert [*static.misplaced()] == []
    return (release / ".static").read_text().splitlines()[0]


def test_files_that_nobody_collects_are_served_where_they_are_committed(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    src = release / "src"
    assert noted(monkeypatch, release, [src / "assets"]) == "source/site/assets"
    # Of several, or with a prefix, no folder has the names that visitors ask for.
    assert noted(monkeypatch, release, [src / "assets", src / "more"]) == "source/site/static"
    assert noted(monkeypatch, release, [("prefix", src / "assets")]) == "source/site/static"
    # The code is never served, nor what is shared or the host's.
    for no_folder in (src, release / "source", release, "/usr/share", src / "absent"):
        assert noted(monkeypatch, release, [no_folder]) == "source/site/static"
    assert noted(monkeypatch, release, [src], root=str(src), app=False) == ""

    (src / "static").mkdir()
    assert noted(monkeypatch, release, [src / "static"]) == "source/site/static"
    assert noted(monkeypatch, release, [src / "assets"]) == "source/site/static"
    assert noted(monkeypatch, release, [], app=False) == "source/site/static"
    assert noted(monkeypatch, release, [], root="more", app=False) == "source/site/more"

    monkeypatch.setenv("COLLECTS", "now")
    assert noted(monkeypatch, release, [src / "static"]) == "source/site/staticfiles"
    assert noted(monkeypatch, release, [], app=False) == ""


def test_a_shared_folder_is_not_what_is_committed(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared").mkdir()
    (release / "src" / "static").symlink_to(tmp_path / "shared")
    assert noted(monkeypatch, release, []) == "source/site/staticfiles"
