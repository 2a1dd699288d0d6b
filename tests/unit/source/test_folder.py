"""A plain folder."""

import subprocess
from pathlib import Path

import pytest

from stack.source.folder import Folder
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import members, refusal


def test_a_folder_is_taken_as_it_is(folder: Path) -> None:
    source = resolve(str(folder), "HEAD")
    assert source.read("manage.py") == b"# manage\n"
    assert source.read("link.py") == b"# manage\n"
    assert source.read("app") is None
    assert source.exists("app")
    assert source.exists(".")
    inside = members(source)
    assert list(inside) == ["app/run", "link.py", "manage.py"]
    assert [oct(inside[name].mode) for name in ("app/run", "manage.py")] == ["0o755", "0o644"]
    assert inside["link.py"].linkname == "manage.py"
    assert {(m.uid, m.gid, m.mtime, m.uname) for m in inside.values()} == {(0, 0, 0, "")}


def test_the_same_content_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = resolve(str(folder), "HEAD")
    subprocess.run(["cp", "-r", "--no-preserve=timestamps", folder, tmp_path / "copy"], check=True)
    (tmp_path / "copy/manage.py").chmod(0o600)
    copy = resolve(str(tmp_path / "copy"), "HEAD")
    assert (copy.version, copy.archive().read()) == (first.version, first.archive().read())
    (tmp_path / "copy/manage.py").write_text("# changed\n")
    assert resolve(str(tmp_path / "copy"), "HEAD").version != first.version


@pytest.mark.parametrize(
    "left",
    [
        ".hg/x",
        "__pycache__/x.py",
        "app/__pycache__/x.py",
        "app/x.pyc",
        ".venv/x",
        "node_modules/x",
        ".mypy_cache/x",
        "env/pyvenv.cfg",
    ],
)
def test_what_tools_leave_behind_is_left_out(folder: Path, left: str) -> None:
    version = resolve(str(folder), "HEAD").version
    path = folder / left
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    source = resolve(str(folder), "HEAD")
    assert source.version == version
    assert not source.exists(str(path.relative_to(folder)))


def test_a_folder_inside_a_repository_is_a_plain_folder(repository: Path) -> None:
    source = resolve(str(repository / "app"), "HEAD")
    assert isinstance(source, Folder)
    assert source.exists("run")


@pytest.mark.parametrize("path", ["../plain/manage.py", "/etc/passwd", "app/../../x", ".."])
def test_nothing_outside_is_read(folder: Path, path: str) -> None:
    source = resolve(str(folder), "HEAD")
    assert source.read(path) is None
    assert not source.exists(path)


def test_a_folder_has_no_revisions(folder: Path) -> None:
    expected = (
        f'revision = "main": {folder} is a plain folder, without revisions; leave revision out'
    )
    assert refusal(folder, "main") == expected


def test_what_is_no_source_is_told(tmp_path: Path) -> None:
    expected = "expected a git repository or a folder"
    nothing = tmp_path / "nothing"
    assert refusal(nothing) == f'source = "{nothing}": does not exist; {expected}'
    assert refusal("~nobody-here/x") == f'source = "~nobody-here/x": does not exist; {expected}'
    nothing.write_text("")
    assert refusal(nothing) == f'source = "{nothing}": is not a folder; {expected}'
