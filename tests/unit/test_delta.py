"""What is sent of a large archive, and what a host makes of it."""

import gzip
import io
import os
import random
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import BinaryIO

import pytest

from stack import onhost
from stack.facts.release_files import ReleaseFiles
from stack.source.delta import SMALLEST_BYTES, delta
from stack.source.spool import Spool, spooled


def packed(files: dict[str, bytes]) -> Spool:
    """A tar archive."""

    def write(file: BinaryIO) -> None:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))

    return spooled(write)


def run(name: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a script as a host would."""
    command = [sys.executable, "-I", "-B", "-c", onhost.script(name), *words]
    return subprocess.run(command, capture_output=True, timeout=10, check=False)


def there(folder: Path, most: int = 10**9) -> dict[str, str]:
    """What the host says that it has."""
    told = run("digests", str(folder), str(SMALLEST_BYTES), str(most)).stdout
    return ReleaseFiles().process(told.decode().splitlines())


@pytest.fixture
def files() -> dict[str, bytes]:
    random_bytes = random.Random(1).randbytes
    names = ("a.bin", "media/b c.bin", "nöt/'d\n\"e", "static/f.svg")
    return {name: random_bytes(50_000) for name in names} | {"manage.py": b"# small\n"}


@pytest.fixture
def base(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """The release that the host has."""
    for name, content in files.items():
        path = tmp_path / "base" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "base"


def rebuilt(base: Path, new: Spool) -> "tuple[bytes | None, str]":
    """What the host makes of it, and what it says."""
    sent = base.with_name("sent")
    sent.write_bytes(new.read())
    done = run("rebuild", str(base), str(sent))
    return (done.stdout if done.returncode == 0 else None), done.stderr.decode().strip()


def test_the_archive_is_made_of_what_is_new_and_what_is_there(
    base: Path, files: dict[str, bytes]
) -> None:
    files |= {"manage.py": b"# changed\n", "moved.bin": files.pop("a.bin")}
    archive = packed(files)
    new = delta(archive, there(base))
    assert new
    assert new.size < archive.size / 50
    assert rebuilt(base, new) == (archive.read(), "")


def test_what_was_sent_is_proven_as_well(base: Path, files: dict[str, bytes]) -> None:
    new = delta(packed(files), there(base))
    assert new
    sent = gzip.decompress(new.read())
    changed = gzip.compress(sent[:-1] + b"x")
    made, said = rebuilt(base, spooled(lambda file: file.write(changed)))
    assert (made, said) == (None, "What was sent has changed.")


def test_of_equal_files_at_other_places_the_same_is_sent(base: Path) -> None:
    assert list(there(base)) == list(there(base))
    (base / "g.bin").write_bytes((base / "a.bin").read_bytes())
    assert len(there(base)) == 4


def test_what_saves_too_little_is_not_sent_so(base: Path, files: dict[str, bytes]) -> None:
    new = {f"new-{name}": os.urandom(50_000) for name in files}
    assert delta(packed(files | new), there(base)) is None
    assert delta(packed(files), {}) is None


@pytest.mark.parametrize("damage", ["changed", "shorter", "gone", "a link", "a pipe", "a folder"])
def test_what_was_there_and_is_not_as_it_was_makes_no_archive(
    base: Path, files: dict[str, bytes], damage: str
) -> None:
    new = delta(packed(files), there(base))
    assert new
    path = base / "a.bin"
    content = path.read_bytes()
    path.unlink()
    match damage:
        case "changed":
            path.write_bytes(b"x" + content[1:])
        case "shorter":
            path.write_bytes(content[:-1])
        case "a link":
            path.symlink_to(base / "media")
        case "a pipe":
            os.mkfifo(path)
        case "a folder":
            path.mkdir()
    made, said = rebuilt(base, new)
    assert made is None
    assert said.startswith(("A file ", "Something else "))
    assert "\n" not in said


def test_a_host_reads_regular_files_alone_and_so_many_bytes(base: Path) -> None:
    (base / "endless").symlink_to("/dev/zero")
    os.mkfifo(base / "pipe")
    with (base / "sparse").open("wb") as file:
        file.truncate(8 * 10**12)
    assert len(there(base, most=110_000)) == 2


@pytest.mark.parametrize(
    "line", ["", "0" * 64, f"{'0' * 64} nothing", f'{"0" * 64} "cut', f"{'0' * 64} [1]", "\t"]
)
def test_a_line_that_was_cut_or_forged_is_passed_over(line: str) -> None:
    assert ReleaseFiles().process([line]) == {}
