"""What a release keeps compressed: every file that never changes, and never of another time."""

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stack import onhost
from stack.project.hashed_names import COMPRESSED

NAME = "app.0123456789ab.js"
TEXT = b"text " * 1000


def command(folder: Path, before: str = "/nowhere") -> list[str]:
    script = onhost.script("compress")
    return [sys.executable, "-I", "-B", "-c", script, str(folder), COMPRESSED, before]


def compress(folder: Path, before: str = "/nowhere") -> None:
    subprocess.run(command(folder, before), check=True, timeout=20)


def made(folder: Path) -> set[str]:
    """What is there by now beside those that were."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "gz" in path.name}


@pytest.mark.parametrize(
    "name",
    [
        NAME,
        "a/b c.d/site.deadbeef.css",
        "x.abcdefab.min.0a1b2c3d4e5f.svg",
        "nöt\n'\".12345678a.txt",
    ],
)
def test_text_with_a_hash_in_its_name_is_kept_compressed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(TEXT)
    compress(tmp_path)
    assert made(tmp_path) == {f"{name}.gz"}
    packed = (tmp_path / f"{name}.gz").read_bytes()
    assert gzip.decompress(packed) == TEXT
    assert len(packed) < 100


@pytest.mark.parametrize(
    "name",
    ["app.js", "20240101.js", "app.20240101.js", "app.0123456789ab.png", "app.0123456789ab.js.map"],
)
def test_what_may_change_under_its_name_is_not_nor_what_is_no_text(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(TEXT)
    compress(tmp_path)
    assert made(tmp_path) == set()


@pytest.mark.parametrize("text", [b"", b"a", os.urandom(5000)], ids=["empty", "short", "random"])
def test_one_that_is_larger_then_is_kept_all_the_same(tmp_path: Path, text: bytes) -> None:
    """Else that of the release before, which is linked in, would be sent for it."""
    (tmp_path / NAME).write_bytes(text)
    compress(tmp_path)
    assert gzip.decompress((tmp_path / f"{NAME}.gz").read_bytes()) == text


def test_it_is_the_same_bytes_wherever_and_whenever_it_is_made(tmp_path: Path) -> None:
    for folder, when in ((tmp_path / "one", 1), (tmp_path / "two", 2_000_000_000)):
        folder.mkdir()
        (folder / NAME).write_bytes(TEXT)
        os.utime(folder / NAME, (when, when))
        compress(folder)
    one, two = (tmp_path / name / f"{NAME}.gz" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_what_the_project_compressed_itself_stays(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(TEXT)
    own = gzip.compress(TEXT, 1)
    (tmp_path / f"{NAME}.gz").write_bytes(own)
    compress(tmp_path)
    assert (tmp_path / f"{NAME}.gz").read_bytes() == own


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The compressed file of the release before, in its folder."""
    (tmp_path / "before" / "a").mkdir(parents=True)
    return tmp_path / "before" / "a" / f"{NAME}.gz"


@pytest.fixture
def now(tmp_path: Path) -> Path:
    """The file of the next release, in its folder."""
    (tmp_path / "now" / "a").mkdir(parents=True)
    (tmp_path / "now" / "a" / NAME).write_bytes(TEXT)
    return tmp_path / "now" / "a" / NAME


def test_what_the_release_before_has_of_the_same_file_is_not_compressed_again(
    earlier: Path, now: Path
) -> None:
    earlier.write_bytes(gzip.compress(TEXT, 1))
    compress(now.parents[1], str(earlier.parents[1]))
    assert made(now.parents[1]) == {f"a/{NAME}.gz"}
    assert Path(f"{now}.gz").read_bytes() == earlier.read_bytes()


@pytest.mark.parametrize(
    "there",
    [b"", gzip.compress(b"another"), gzip.compress(TEXT)[:-9]],
    ids=["empty", "another", "cut"],
)
def test_what_it_has_of_another_is_not_taken(earlier: Path, now: Path, there: bytes) -> None:
    earlier.write_bytes(there)
    compress(now.parents[1], str(earlier.parents[1]))
    assert made(now.parents[1]) == {f"a/{NAME}.gz"}
    assert gzip.decompress(Path(f"{now}.gz").read_bytes()) == TEXT


def test_where_it_has_a_pipe_nobody_waits_for_it(earlier: Path, now: Path) -> None:
    os.mkfifo(earlier)
    compress(now.parents[1], str(earlier.parents[1]))
    assert gzip.decompress(Path(f"{now}.gz").read_bytes()) == TEXT


@pytest.mark.parametrize(
    "there",
    [b"", b"no gzip", gzip.compress(b"another"), gzip.compress(TEXT)[:-9]]
    + [gzip.compress(TEXT + b"more"), gzip.compress(TEXT[:-1])],
    ids=["empty", "nothing", "another", "cut", "longer", "shorter"],
)
def test_what_is_not_that_file_is_replaced(tmp_path: Path, there: bytes) -> None:
    (tmp_path / NAME).write_bytes(TEXT)
    (tmp_path / f"{NAME}.gz").write_bytes(there)
    compress(tmp_path)
    assert gzip.decompress((tmp_path / f"{NAME}.gz").read_bytes()) == TEXT


def test_a_symlink_or_a_pipe_in_its_place_is_replaced_and_what_it_leads_to_stays(
    tmp_path: Path,
) -> None:
    folder, other = tmp_path / "static", tmp_path / "other"
    folder.mkdir()
    other.write_text("not to be touched")
    (folder / NAME).write_bytes(TEXT)
    (folder / f"b.{NAME}").write_bytes(TEXT)
    (folder / f"{NAME}.gz").symlink_to(other)
    os.mkfifo(folder / f"b.{NAME}.gz")
    compress(folder)
    for name in (NAME, f"b.{NAME}"):
        assert not (folder / f"{name}.gz").is_symlink()
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == TEXT
    assert other.read_text() == "not to be touched"


def test_what_is_no_file_or_has_no_room_beside_it_is_left_and_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"a.{NAME}")
    (tmp_path / f"b.{NAME}").mkdir()
    (tmp_path / f"c.{NAME}").symlink_to("/etc/hostname")
    (tmp_path / f"d.{NAME}").write_bytes(TEXT)
    (tmp_path / f"d.{NAME}.gz").mkdir()
    long = "e" * (255 - len(NAME) - 1) + f".{NAME}"
    (tmp_path / long).write_bytes(TEXT)
    before = set(tmp_path.iterdir())
    compress(tmp_path)
    assert set(tmp_path.iterdir()) == before


def test_of_a_run_that_was_killed_the_next_one_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(os.urandom(30_000_000))
    with subprocess.Popen(command(tmp_path)) as run:
        while run.poll() is None and len(list(tmp_path.iterdir())) == 1:
            time.sleep(0.001)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    compress(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {NAME, f"{NAME}.gz"}
