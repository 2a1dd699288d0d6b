"""What is read of releases and homes, where a program that takes part in it does not end well."""

import os
import subprocess
from pathlib import Path

import pytest

from stack.facts.contents import TELL_CONTENTS
from stack.facts.written import TELL_WRITTEN, WrittenFiles

MANIFEST = Path("stack/shell/manifests.sh").read_text()
ENDED_IN_TWO = """
find() {
  case $1 in */two/*) printf 'f half a li'; return 137 ;; esac
  command find "$@"
}
"""
"""As a shell has it of a program that was killed."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One with a release that has written into its own folder, and a dump."""
    release = tmp_path / "home/releases/one"
    (release / "source/data").mkdir(parents=True)
    (release / "src").symlink_to("source")
    (release / "source/a name.py").touch()
    write = 'manifest_of_release "$1" > "$1/.built"'
    subprocess.run(["sh", "-euc", f"{MANIFEST}\n{write}", "sh", release], check=True)
    for name in ("source/data/db.sqlite3", "source/my upload f 6.jpg", "before-migrating-1.dump"):
        (release / name).touch()
    (release / "source/made/in").mkdir(parents=True)
    os.utime(release / "source/data/db.sqlite3", (-1000, -1000))
    (tmp_path / "home/.virtualenvs").mkdir()
    (tmp_path / "home/.virtualenvs/initialize").write_text("echo mine\n")
    return tmp_path / "home"


def run(
    home: Path, script: str, *words: str | Path, without: str = "", stdin: str = ""
) -> list[str]:
    """What a script tells, with a program that the kernel ends as it begins."""
    stubs = home.with_name("stubs")
    stubs.mkdir(exist_ok=True)
    if without:
        (stubs / without).write_text("#!/bin/sh\nkill -KILL $$\n")
        (stubs / without).chmod(0o755)
    told = subprocess.run(
        ["sh", "-euc", script, "sh", *words],
        input=stdin,
        capture_output=True,
        text=True,
        env={"PATH": f"{stubs}:/usr/bin:/bin"},
    )
    return told.stdout.splitlines()


def written(home: Path, *folders: Path, ended: str = "", without: str = "") -> list[str]:
    """What is told of releases; `ended` stands for programs."""
    stdin = "".join(f"{folder}\n" for folder in folders)
    return run(home, ended + TELL_WRITTEN, "data\nmedia", without=without, stdin=stdin)


def test_what_a_release_has_written_is_told(home: Path) -> None:
    folder = home / "releases/one"
    found = WrittenFiles().process(written(home, folder))
    assert found
    its = found[str(folder)]
    assert its
    assert sorted(its.files) == ["source/data/db.sqlite3", "source/my upload f 6.jpg"]
    assert its.folders == {"source/made", "source/made/in"}
    assert its.shared == ("data",)


@pytest.mark.parametrize("program", ["find", "sort", "awk", "readlink"])
def test_what_it_has_written_is_not_told_by_half(home: Path, program: str) -> None:
    folder = home / "releases/one"
    told = written(home, folder, without=program)
    assert WrittenFiles().process(told) == {str(folder): None}


def test_one_that_is_not_read_says_nothing_of_the_others(home: Path) -> None:
    one, two = home / "releases/one", home / "releases/two"
    two.mkdir()
    fact = WrittenFiles()
    fact.folders = [str(two), str(one), "three"]
    told = written(home, two, one, ended=ENDED_IN_TWO)
    found = fact.process(told)
    assert found
    assert found[str(two)] is found["three"] is None
    alone = WrittenFiles().process(written(home, one))
    assert alone == {str(one): found[str(one)]}


def test_what_is_in_a_home_is_told(home: Path) -> None:
    told = run(home, TELL_CONTENTS, home, "fooproject")
    assert {"s releases/one/before-migrating-*.dump", "d releases/one", "end"} <= {*told}
    assert "s .virtualenvs/initialize" in told


def test_what_has_a_longer_name_than_ours_is_nothing_of_ours(home: Path) -> None:
    for folder in ("releases", ".virtualenvs"):
        (home / folder / f"0.-{'b' * 62}").mkdir()
    told = run(home, TELL_CONTENTS, home, "fooproject")
    assert {f"s {folder}/0.-{'b' * 62}" for folder in ("releases", ".virtualenvs")} <= {*told}
    assert not {"e releases", "e .virtualenvs"} & {*told}


@pytest.mark.parametrize("program", ["find", "grep"])
def test_nothing_goes_of_which_a_program_has_told_half(home: Path, program: str) -> None:
    told = run(home, TELL_CONTENTS, home, "fooproject", without=program)
    going = [line for line in told if line.startswith(("o ", "d ", "e "))]
    assert going == ([] if program == "find" else ["d releases/one"])
