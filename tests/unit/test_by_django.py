"""What Django writes into a release as it runs is told from what the release is made of."""

import os
import subprocess
from pathlib import Path

import pytest

from stack.facts.host_state import TELL_HOME

SHELL = Path("stack/shell")
FUNCTIONS = "".join((SHELL / name).read_text() for name in ("manifests.sh", "by_django.sh"))


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """One that is about to be checked."""
    os.umask(0o022)
    made = tmp_path / "releases" / "0123"
    (made / "source" / "with space").mkdir(parents=True)
    for name in ("urls.py", "app.log", "with space/data", "two\nlines"):
        (made / "source" / name).write_text("first\n")
    (made / "src").symlink_to("source")
    for name in ("with-env", "manage"):
        (made / name).touch()
    (made / ".static").write_text("source/collected\nproject\n")
    (tmp_path / ".virtualenvs").mkdir()
    return made


def run(release: Path, *steps: str) -> None:
    words = ["sh", "-euc", FUNCTIONS + "\n".join(steps), "sh", str(release)]
    subprocess.run(words, cwd=release, check=True)


BUILT = 'manifest_of_release "$1" > "$1/.now"; made_of "$1" "$1/.now"; mv .built.new .built'
CHECKS = (
    'django_begins "$1"',
    "echo more >> source/app.log; mkdir source/logs; echo more > source/logs/own",
    "mkdir source/collected; echo style > source/collected/site.css",
    'echo more > "source/with space/made"',
    'django_ends "$1"',
)


def changed(release: Path) -> list[str]:
    folders = (release.parent, release.parents[1] / ".virtualenvs")
    paths = (*folders, release, folders[1] / "none", release)
    words = ["sh", "-euc", TELL_HOME, "sh", *map(str, paths)]
    told = subprocess.run(words, capture_output=True, check=True).stdout.decode().split("\0")
    assert "damaged" not in told
    at = [place for place, field in enumerate(told) if field == "changed"]
    return [told[place + 2] for place in at]


def write(release: Path, *names: str) -> None:
    for name in names:
        with (release / "source" / name).open("a") as file:
            file.write("later\n")


def test_only_what_the_release_is_made_of_counts(release: Path) -> None:
    run(release, *CHECKS, BUILT)
    assert changed(release) == []
    write(release, "app.log", "logs/own", "with space/made", "new")
    assert changed(release) == []
    write(release, "urls.py", "with space/data", "collected/site.css")
    wanted = {"source/urls.py", "source/with space/data", "source/collected/site.css"}
    assert set(changed(release)) == wanted


def test_what_the_projects_own_commands_make_belongs_to_it(release: Path) -> None:
    run(release, *CHECKS, "echo made > source/bundle.js", BUILT)
    write(release, "bundle.js")
    assert changed(release) == ["source/bundle.js"]


def test_a_start_of_django_that_was_cut_counts_to_the_end_of_the_next(release: Path) -> None:
    run(release, *CHECKS[:2])
    run(release, 'django_begins "$1"', 'django_ends "$1"', BUILT)
    write(release, "app.log", "logs/own")
    assert changed(release) == []


def test_what_django_writes_as_it_migrates_is_no_part_of_what_was_built(release: Path) -> None:
    run(release, BUILT)
    built = (release / ".built").stat().st_mtime_ns
    run(release, 'django_begins "$1"', "echo line >> source/app.log", 'django_ends "$1"')
    assert changed(release) == []
    assert (release / ".built").stat().st_mtime_ns == built, "it is no newer than it was"
    write(release, "urls.py")
    assert changed(release) == ["source/urls.py"]


def test_a_manifest_of_an_earlier_version_holds_as_it_did(release: Path) -> None:
    run(release, 'manifest_of_release "$1" > "$1/.built"')
    assert changed(release) == []
    write(release, "new")
    assert changed(release) == []
    write(release, "app.log")
    assert changed(release) == ["source/app.log"]


def test_more_than_can_be_told_is_damage_whatever_it_is(release: Path) -> None:
    for number in range(501):
        (release / "source" / f"{number}.log").touch()
    run(release, BUILT)
    for number in range(501):
        (release / "source" / f"{number}.log").unlink()
    with pytest.raises(AssertionError):
        changed(release)
