"""Files are put in place all at once, or not at all: what is refused leaves all as it was."""

import os
import stat
import subprocess
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stack.commands.files import PUT

Words = tuple[str, str, str, str]


def file(path: Path, mode: str = "644") -> Words:
    return ("file", str(path), mode, "")


def folder(path: Path, mode: str = "755") -> Words:
    return ("directory", str(path), mode, "root")


def link(path: Path, target: str) -> Words:
    return ("link", str(path), target, "")


def put(
    root: Path, words: Sequence[Words], *texts: str, check: str = "", before: str = ""
) -> subprocess.CompletedProcess[str]:
    """Put paths below a folder in place; what is put aside goes there too, and nobody is root."""
    script = PUT.replace("/var/backups/replaced", f"{root}/aside")
    return subprocess.run(
        [
            "sh",
            "-euc",
            f"chown() {{ :; }}\n{script}",
            "sh",
            check,
            before,
            *(w for ws in words for w in ws),
        ],
        input="".join(f"{b64encode(text.encode()).decode()}\n" for text in texts),
        capture_output=True,
        text=True,
    )


def told(root: Path) -> dict[str, tuple[str, str]]:
    """All that is below a folder, but for what is put aside: modes, and contents or targets."""
    found = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if name.split("/")[0] == "aside":
            continue
        mode = oct(stat.S_IMODE(path.lstat().st_mode))
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        else:
            found[name] = (mode, "" if path.is_dir() else path.read_text())
    return found


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A folder of files that are there."""
    (tmp_path / "site").write_text("old")
    (tmp_path / "site").chmod(0o600)
    (tmp_path / "link").symlink_to("site")
    (tmp_path / "folder").mkdir(0o700)
    (tmp_path / "folder" / "kept").write_text("somebody's")
    return tmp_path


def test_what_is_put_has_its_text_and_mode(etc: Path) -> None:
    words = [
        folder(etc / "folder", "750"),
        file(etc / "folder" / "new", "755"),
        file(etc / "site"),
        link(etc / "link", "elsewhere"),
    ]
    assert put(etc, words, "first\n", "second\n").returncode == 0
    assert told(etc) == {
        "folder": ("0o750", ""),
        "folder/kept": ("0o644", "somebody's"),
        "folder/new": ("0o755", "first\n"),
        "site": ("0o644", "second\n"),
        "link": ("link", "elsewhere"),
    }


def test_the_check_sees_the_new_files_and_nothing_is_left_beside_them(etc: Path) -> None:
    check = f"grep -qx second {etc}/site && grep -qx first {etc}/more/new"
    words = [folder(etc / "more"), file(etc / "more" / "new"), file(etc / "site")]
    assert put(etc, words, "first\n", "second\n", check=check).returncode == 0
    assert told(etc).keys() == {"folder", "folder/kept", "link", "site", "more", "more/new"}


REFUSED: dict[str, Callable[[Path], list[Words]]] = {
    "a file": lambda etc: [file(etc / "site")],
    "a file that is new": lambda etc: [file(etc / "new")],
    "a link": lambda etc: [link(etc / "link", "elsewhere")],
    "a link that is new": lambda etc: [link(etc / "new", "site")],
    "a file in a link's place": lambda etc: [file(etc / "link")],
    "a link in a file's place": lambda etc: [link(etc / "site", "folder")],
    "a folder's mode": lambda etc: [folder(etc / "folder", "755")],
    "a folder that is new, with a file": lambda etc: [folder(etc / "n"), file(etc / "n" / "new")],
    "folders in each other": lambda etc: [folder(etc / "n"), folder(etc / "n" / "m")],
    "a folder in a file's place": lambda etc: [folder(etc / "site"), file(etc / "site" / "new")],
    "a folder in a link's place": lambda etc: [folder(etc / "link")],
    "a file in a folder's place": lambda etc: [file(etc / "folder")],
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_is_refused_leaves_all_as_it_was(etc: Path, case: str, place: str) -> None:
    (etc / "other").write_text("of before")
    was = told(etc)
    words = REFUSED[case](etc)
    words.insert(0 if place == "before" else len(words), file(etc / "other"))
    texts = ["new\n" for kind, *_ in words if kind == "file"]
    refused = put(
        etc, words, *texts, check=f"! grep -qx new {etc}/other || {{ echo why >&2; exit 1; }}"
    )
    assert (refused.returncode, refused.stderr) == (1, "why\n")
    assert told(etc) == was


def test_what_cannot_be_put_leaves_all_as_it_was_and_nothing_is_asked(etc: Path) -> None:
    was = told(etc)
    # A file is in the way of the last one's folder.
    words = [file(etc / "site"), folder(etc / "n"), file(etc / "other" / "new")]
    (etc / "other").write_text("of before")
    was = told(etc)
    refused = put(etc, words, "new\n", "new\n", check="echo asked")
    assert refused.returncode == 1
    assert "asked" not in refused.stderr
    assert told(etc) == was


def test_what_had_not_been_put_yet_is_as_it_was_and_leaves_no_copy(etc: Path) -> None:
    (etc / "other").write_text("of before")
    was = told(etc)
    words = [file(etc / "other" / "new"), file(etc / "folder")]
    assert put(etc, words, "new\n", "new\n", check="true").returncode == 1
    assert told(etc) == was


def test_what_a_cut_run_left_beside_is_in_nobodys_way(etc: Path) -> None:
    was = told(etc)
    for name in (".site.before", ".site.new", ".new.before"):
        (etc / name).mkdir()
        (etc / name / "left").write_text("")
    words = [file(etc / "site"), file(etc / "new")]
    assert put(etc, words, "new\n", "new\n", check="false").returncode == 1
    assert told(etc) == was


def test_what_is_put_aside_is_all_kept_however_alike_and_soon(etc: Path) -> None:
    for path in ("a/b", "a-b", "a/b", "a-b"):
        (etc / path).parent.mkdir(exist_ok=True)
        (etc / path).mkdir()
        (etc / path / "theirs").write_text(path)
        assert put(etc, [file(etc / path)], "ours").returncode == 0
        (etc / path).unlink()
    kept = [path.read_text() for path in (etc / "aside").glob("*/theirs")]
    assert sorted(kept) == ["a-b", "a-b", "a/b", "a/b"]


@pytest.mark.parametrize("kind", ["a folder in a file's place", "a link in a file's place"])
def test_a_file_that_is_in_the_way_is_put_aside_and_named(etc: Path, kind: str) -> None:
    words = [folder(etc / "site") if "folder" in kind else link(etc / "site", "elsewhere")]
    done = put(etc, words)
    [kept] = (etc / "aside").iterdir()
    assert kept.read_text() == "old"
    assert done.stdout == f"{etc}/site is in {etc}/aside now.\n"


def test_a_link_in_a_folders_place_is_put_aside_and_what_it_leads_to_stays(etc: Path) -> None:
    assert put(etc, [folder(etc / "link")]).returncode == 0
    [kept] = (etc / "aside").iterdir()
    assert os.readlink(kept) == "site"
    assert (etc / "site").read_text() == "old"


def test_what_is_of_its_kind_and_what_a_check_says_are_told_by_nobody(etc: Path) -> None:
    words = [folder(etc / "folder"), file(etc / "site"), link(etc / "link", "elsewhere")]
    assert put(etc, words, "new", check="echo all is well").stdout == ""
    assert not (etc / "aside").exists()


def test_what_makes_way_does_so_before_anything_is_put_and_is_told(etc: Path) -> None:
    words = [file(etc / "a.conf")]
    was = told(etc)
    done = put(etc, words, "new\n", check="false", before=f"ls -A {etc}")
    assert done.returncode == 1
    assert done.stdout.split() == sorted({path.split("/")[0] for path in was})
    assert told(etc) == was
