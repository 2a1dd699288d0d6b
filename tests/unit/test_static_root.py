"""Where a release's static files may not be, and which setting is to blame, as Django is asked."""

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
