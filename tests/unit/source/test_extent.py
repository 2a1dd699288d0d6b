"""A source is read as far as a machine bears it: in git, few bytes can stand for any number."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from stack.source import SourceError, extent
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import bomb, commit_tree, run_git, written

ROOT = Path(__file__).parents[3]
ALONE = "set source to a repository or folder that has the project alone"
READ = """
import json, sys
from stack.source import SourceError, resolve

said = []
for what in (lambda its: its.paths(), lambda its: its.archive(), lambda its: its.left_out()):
    try:
        what(resolve(sys.argv[1]))
    except SourceError as error:
        said.append(str(error))
lines = open("/proc/self/status").read().splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
print(json.dumps([said, peak * 1024]))
"""


def test_a_billion_files_in_a_few_kilobytes_are_refused_in_little_memory(repository: Path) -> None:
    bomb(repository, 9)
    run = [sys.executable, "-c", READ, str(repository)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    said, peak = json.loads(done.stdout)
    line = f'source = "{repository}": has more than 500,000 files and folders; {ALONE}'
    assert said[:2] == [line, line]
    assert peak < 400 << 20


@pytest.mark.parametrize(
    ("name", "most", "what"),
    [
        ("MOST_ENTRIES", 3, "3 files and folders"),
        ("MOST_BYTES", 10, "0 MB of paths"),
        ("MOST_OF_A_PATH", 5, "5 bytes in a path, which no server takes"),
    ],
)
@pytest.mark.parametrize("kind", ["repository", "folder"])
def test_what_a_source_has_is_counted(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    name: str,
    most: int,
    what: str,
) -> None:
    source = request.getfixturevalue(kind)
    (source / "app/a").mkdir()
    (source / "app/a/file").touch()
    if kind == "repository":
        run_git("add", ".", cwd=source)
        run_git("commit", "--quiet", "--message", "more", cwd=source)
    resolve(str(source), "HEAD").archive()
    monkeypatch.setattr(extent, name, most)
    with pytest.raises(SourceError) as told:
        resolve(str(source), "HEAD").archive()
    assert str(told.value) == f'source = "{source}": has more than {what}; {ALONE}'


def test_a_path_is_not_read_to_its_end_however_long(repository: Path) -> None:
    manage = run_git("rev-parse", "HEAD:manage.py", cwd=repository)
    listing = f"100644 blob {manage}\t{'x' * 9_000_000}"
    commit_tree(repository, written(repository, "mktree", content=listing.encode()))
    with pytest.raises(SourceError, match="has more than 4,096 bytes in a path"):
        resolve(str(repository), "HEAD").paths()


@pytest.mark.parametrize("kind", ["repository", "folder"])
def test_a_file_that_is_read_whole_may_have_so_many_bytes(
    request: pytest.FixtureRequest, kind: str
) -> None:
    source = request.getfixturevalue(kind)
    for size, name in ((0, "just"), (1, "more")):
        (source / name).write_bytes(bytes((16 << 20) + size))
    if kind == "repository":
        run_git("add", ".", cwd=source)
        run_git("commit", "--quiet", "--message", "more", cwd=source)
    its = resolve(str(source), "HEAD")
    assert len(its.read("just") or b"") == 16 << 20
    with pytest.raises(SourceError) as told:
        its.read("more")
    expected = "more has more than 16 MB, and is to be read whole; make it smaller"
    assert str(told.value) == f'source = "{source}": {expected}'


def test_an_archive_leaves_room_to_others(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb(repository, 2, bytes(1 << 20))
    gigabyte = SimpleNamespace(f_blocks=1 << 20, f_frsize=1 << 10, f_bavail=103 << 10)
    monkeypatch.setattr(os, "fstatvfs", lambda _: gigabyte)
    resolve(str(repository), "HEAD").archive()
    gigabyte.f_bavail -= 1 << 10
    with pytest.raises(SourceError) as told:
        resolve(str(repository), "HEAD").archive()
    said = "cannot keep an archive: it has 64 MB, and leaves less than 102 MB free"
    assert said in str(told.value)
    assert str(told.value).endswith("; set TMPDIR to a folder with more room")
