"""Archives lie in files: what they cost the controller, and what is said when there is no room."""

import gzip
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pytest

from stack.commands import programs
from stack.commands.system import refuse
from stack.operations import unpacking
from stack.project.release import release_of
from stack.project.target import Target
from stack.settings import load
from stack.source import Source, SourceError
from stack.source.resolving import resolve_anew as resolve
from stack.source.spool import PART_BYTES, Spool, gzipped, spooled
from stack.state.placement import place
from tests.unit.hosts import converged, without
from tests.unit.operating import as_sent, plan

ROOT = Path(__file__).parents[2]
BYTES = 20_000_000
MEMORY = """
import json, sys
from stack.shell.stdin import lines_of
from stack.source import resolve
from stack.source.delta import delta

def peak():
    # ru_maxrss would begin at that of the process that started this one.
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

before = peak()
source = resolve(sys.argv[1])
archive = source.archive()
sent = source.compressed()
hosts = [iter(lines_of(sent)) for _ in range(3)]
assert sum(len(line) for lines in zip(*hosts) for line in lines) > 4 * sent.size

class Everywhere(dict):
    def get(self, sha256):
        return "a path"

assert delta(archive, Everywhere()).size < archive.size / 100
print(json.dumps([peak() - before, archive.size]))
"""
"""What a run does with a source, and how many bytes of memory that takes."""


def git(folder: Path, *words: str) -> None:
    who = {
        f"GIT_{one}_{what}": "x" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    nobodys = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    environment = {**os.environ, **who, **nobodys}
    quick = ("-c", "core.compression=0")
    subprocess.run(["git", *quick, *words], cwd=folder, env=environment, check=True)


def commit(folder: Path) -> None:
    """Make a folder a repository with all that is in it."""
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "all")


KINDS = pytest.mark.parametrize("kind", ["repository", "folder"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    path.mkdir()
    (path / "manage.py").write_text("# manage\n")
    (path / "requirements.txt").touch()
    return path


def made(project: Path, kind: str) -> Source:
    """A source of that kind, as it is now."""
    if kind == "repository":
        commit(project)
    return resolve(str(project), "HEAD")


@KINDS
def test_a_large_archive_is_in_no_memory(project: Path, kind: str) -> None:
    for number in range(4):
        (project / f"{number}.bin").write_bytes(os.urandom(BYTES // 4))
    if kind == "repository":
        commit(project)
    run = [sys.executable, "-c", MEMORY, str(project)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    took, size = json.loads(done.stdout)
    assert size > BYTES
    assert took < size / 2


@pytest.mark.parametrize("attributes", ["* text=auto", "*.txt eol=crlf"])
def test_what_git_converts_is_converted_however_large(project: Path, attributes: str) -> None:
    text = b"line\n" * 2_000_000
    (project / "large.txt").write_bytes(text)
    (project / ".gitattributes").write_text(f"{attributes}\n")
    commit(project)
    with tarfile.open(fileobj=resolve(str(project), "HEAD").archive().reader()) as tar:
        large = tar.extractfile("large.txt")
        assert large
        found = large.read()
    assert found == (text.replace(b"\n", b"\r\n") if "crlf" in attributes else text)


def test_git_does_not_hold_a_large_file_either(project: Path) -> None:
    (project / "large.bin").write_bytes(os.urandom(2 * BYTES))
    commit(project)
    code = (
        "import resource, sys; from stack.source import resolve; resolve(sys.argv[1]).archive(); "
        "print(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    run = [sys.executable, "-c", code, str(project)]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(told) < 1.5 * 2 * BYTES


@KINDS
def test_nothing_is_left_when_a_process_is_killed(project: Path, tmp_path: Path, kind: str) -> None:
    if kind == "repository":
        commit(project)
    (tmp_path / "temporary").mkdir()
    code = (
        "import os, signal, sys; from stack.source import resolve; source = resolve(sys.argv[1]); "
        "source.archive(); source.compressed(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
    )
    assert done.returncode == -signal.SIGKILL
    assert list((tmp_path / "temporary").iterdir()) == []


def random_spool() -> tuple[Spool, bytes]:
    content = os.urandom(3 * PART_BYTES + 7)
    return spooled(lambda file: file.write(content)), content


def test_several_readers_are_each_where_they_are() -> None:
    spool, content = random_spool()
    first, second = spool.reader(), spool.reader()
    assert first.read(10) == content[:10]
    second.seek(-5, os.SEEK_END)
    assert second.read() == content[-5:]
    assert (first.tell(), first.read(10)) == (10, content[10:20])
    with ThreadPoolExecutor(8) as pool:
        read: list[Callable[[], bytes]] = [spool.read, lambda: b"".join(spool.parts())]
        asked = [pool.submit(read[number % 2]) for number in range(16)]
        assert all(one.result() == content for one in asked)


def test_parts_are_what_is_between_two_positions() -> None:
    spool, content = random_spool()
    end = 2 * PART_BYTES + 1
    assert b"".join(spool.parts(5, end)) == content[5:end]
    assert list(spool.parts(9, 9)) == []
    assert spool.sha256 == spool.sha256_of(0, len(content))


@pytest.mark.parametrize("at", [0, PART_BYTES - 3, PART_BYTES])
def test_a_text_is_found_wherever_it_is(at: int) -> None:
    spool = spooled(lambda file: file.write(bytes(at) + b"needle" + bytes(at)))
    assert spool.has(b"needle")
    assert not spool.has(b"needles")


def test_its_file_is_closed_with_it() -> None:
    before = os.listdir("/proc/self/fd")
    spool, content = random_spool()
    assert len(os.listdir("/proc/self/fd")) == len(before) + 1
    reader = spool.reader()
    del spool
    assert reader.read() == content
    del reader
    assert len(os.listdir("/proc/self/fd")) == len(before)


@KINDS
def test_it_is_compressed_as_gzip_does_it(project: Path, kind: str) -> None:
    source = made(project, kind)
    archive = source.archive().read()
    assert gzip.decompress(source.compressed().read()) == archive
    assert gzipped(iter([archive])).read() == source.compressed().read()


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder without room: what opens does not take a byte."""

    def opened(buffering: int) -> BinaryIO:
        return open("/dev/full", "r+b", buffering=buffering)

    monkeypatch.setattr(tempfile, "TemporaryFile", opened)


@KINDS
@pytest.mark.usefixtures("full")
def test_a_full_disk_is_a_line_that_says_which(project: Path, kind: str) -> None:
    (project / "large").write_bytes(bytes(PART_BYTES))
    with pytest.raises(SourceError) as told:
        made(project, kind).archive()
    expected = "cannot keep an archive: No space left on device"
    assert str(told.value) == f'TMPDIR = "{tempfile.gettempdir()}": {expected}'


@pytest.mark.usefixtures("full")
def test_so_is_one_without_a_byte_left() -> None:
    with pytest.raises(SourceError, match=r"^TMPDIR = .*: No space left on device$"):
        spooled(lambda file: file.write(b"x"))


def test_no_temporary_folder_at_all_is_a_line(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    with pytest.raises(SourceError, match=r"No usable temporary directory found in \['/nowhere'\]"):
        made(project, "folder")


def test_a_file_that_shrinks_while_it_is_read_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = tarfile.TarFile.addfile

    def shrinking(tar: tarfile.TarFile, info: tarfile.TarInfo, file: BinaryIO) -> None:
        os.truncate(project / "manage.py", 1)
        add(tar, info, file)

    monkeypatch.setattr(tarfile.TarFile, "addfile", shrinking)
    with pytest.raises(SourceError) as told:
        resolve(str(project), "HEAD")
    expected = f"{project}/manage.py cannot be read: unexpected end of data"
    assert str(told.value) == f'source = "{project}": {expected}'


def test_a_host_is_told_when_there_is_no_room_to_compress(
    project: Path, request: pytest.FixtureRequest
) -> None:
    settings = load({"source": str(project), "src": "."}, "web1")
    target = Target(settings, release=release_of(settings))
    here = place(target, converged(target))
    target.app.source.archive()
    request.getfixturevalue("full")
    found = plan(unpacking.unpacked, target, without(converged(target), here.folder / ".unpacked"))
    line = f'TMPDIR = "{tempfile.gettempdir()}": cannot keep an archive: No space left on device'
    wanted = [programs.judge(target), refuse(f"@fake/web1: {line}")]
    assert found == as_sent(target, *wanted)
