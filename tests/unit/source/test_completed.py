"""Files of the settings beside those of the source."""

from pathlib import Path

import pytest

from stack.settings import load
from stack.settings.against_source import source_problems


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("app", "is a folder of the source; expected the path of a file"),
        ("manage.py/local.py", "src/manage.py of the source is a file, not a folder"),
        ("app/local.py", ""),
        ("manage.py", ""),
        ("data/keys/a", "is in data, which outlives releases; put it there on the host"),
        ("data", "is in data, which outlives releases; put it there on the host"),
        ("uploads/a", "is in uploads, which outlives releases; put it there on the host"),
        ("database", ""),
    ],
)
def test_a_file_of_the_settings_is_not_where_something_else_is(
    path: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "src" / "app").mkdir(parents=True)
    for name in ("manage.py", "requirements.txt", "app/__init__.py", "app/wsgi.py"):
        (tmp_path / "src" / name).write_text("")
    data = {"source": str(tmp_path), "src": "src", "wsgi": "app.wsgi", "files": {path: "text"}}
    data |= {"shared": ["data"], "media_root": "uploads", "media_url": "/media/"}
    told = [one.text for one in source_problems(load(data, "a-host"))]
    assert told == ([f'files["{path}"]: {problem}'] if problem else [])
