"""A virtualenv is known to be as it was built by what its folders say."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.facts.host_state import TELL_HOME

BUILD = Path("stack/shell/manifests.sh").read_text()


@pytest.fixture
def virtualenv(tmp_path: Path) -> Path:
    """One that has just been built, with names as packages have them, and as none should."""
    made = tmp_path / ".virtualenvs" / "set-3.11"
    site = made / "lib" / "python3.11" / "site-packages"
    for name in ("django/locale/sv", "with space", "of d 700 1002 words", "two\nlines"):
        folder = site / name
        folder.mkdir(parents=True)
        (folder / "code.py").write_text("")
        (folder / "__pycache__").mkdir()
    (made / "bin").mkdir()
    (made / "bin" / "gunicorn").write_text("#!python\n")
    (made / "bin" / "python").symlink_to("python3")
    (made / "pyvenv.cfg").write_text("home = /usr/bin\n")
    write = 'files_of_virtualenv "$1" > "$1/.files"; manifest_of_virtualenv "$1" > "$1/.built"'
    subprocess.run(["sh", "-euc", f"{BUILD}\n{write}", "sh", made], check=True)
    (tmp_path / "releases").mkdir()
    return made


def is_damaged(virtualenv: Path) -> bool:
    folders = (virtualenv.parents[1] / "releases", virtualenv.parent)
    words = [*folders, folders[0] / "none", virtualenv.parent / "set-"]
    told = subprocess.run(
        ["sh", "-euc", TELL_HOME, "sh", *words, virtualenv], capture_output=True, check=True
    ).stdout.decode()
    assert told.endswith("end\0")
    return f"damaged\0{virtualenv}\0" in told


def site_of(virtualenv: Path) -> Path:
    return virtualenv / "lib" / "python3.11" / "site-packages"


def test_one_that_nobody_touched_is_whole_whatever_names_it_holds(virtualenv: Path) -> None:
    assert not is_damaged(virtualenv)


def test_one_that_an_earlier_version_built_is_whole(virtualenv: Path) -> None:
    manifest = virtualenv / ".built"
    manifest.write_text(manifest.read_text().rpartition("end ")[0])
    (virtualenv / ".files").unlink()
    assert not is_damaged(virtualenv)
    (site_of(virtualenv) / "with space" / "cache").touch()
    assert is_damaged(virtualenv)


def test_what_python_writes_into_its_folders_of_bytecode_is_no_damage(virtualenv: Path) -> None:
    (site_of(virtualenv) / "with space" / "__pycache__" / "code.pyc").write_text("")
    assert not is_damaged(virtualenv)


def test_what_a_project_writes_beside_a_librarys_files_is_no_damage(virtualenv: Path) -> None:
    """Into its cache, or by makemigrations for an app that comes without."""
    library = site_of(virtualenv) / "with space"
    (library / "migrations" / "__pycache__").mkdir(parents=True)
    (library / "migrations" / "0001_first.py").touch()
    (library / "two\nlines").touch()
    (site_of(virtualenv) / "django/locale/sv" / "compiled.mo").touch()
    assert not is_damaged(virtualenv)
    # All that was built counts as ever.
    (library / "code.py").unlink()
    assert is_damaged(virtualenv)


def replaced(virtualenv: Path) -> None:
    """As editors do it."""
    code = site_of(virtualenv) / "with space" / "code.py"
    new = code.with_name("code.py.new")
    new.write_text("")
    new.replace(code)


def relinked(virtualenv: Path) -> None:
    (virtualenv / "bin" / "python").unlink()
    (virtualenv / "bin" / "python").symlink_to("/nowhere")


def keep(manifest: Path, lines: slice) -> None:
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[lines]))


def with_more_and_files(lines: slice) -> Callable[[Path], None]:
    """Something added to a library, with a list of files that is not whole."""

    def change(virtualenv: Path) -> None:
        (site_of(virtualenv) / "with space" / "more").touch()
        keep(virtualenv / ".files", lines)

    return change


def a_pipe_for_files(virtualenv: Path) -> None:
    (site_of(virtualenv) / "with space" / "more").touch()
    (virtualenv / ".files").unlink()
    os.mkfifo(virtualenv / ".files")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(
            lambda one: (site_of(one) / "django/locale/sv/code.py").unlink(), id="a file removed"
        ),
        pytest.param(replaced, id="a file replaced"),
        pytest.param(
            lambda one: (site_of(one) / "more.py").write_text(""), id="a file beside libraries"
        ),
        pytest.param(lambda one: (site_of(one) / "more").mkdir(), id="a folder beside libraries"),
        pytest.param(
            lambda one: (one / "lib/python3.11/more").touch(), id="a file beside packages"
        ),
        pytest.param(lambda one: (one / "bin/more").touch(), id="a program added"),
        pytest.param(
            lambda one: (site_of(one) / "two\nlines/code.py").unlink(), id="below an odd name"
        ),
        pytest.param(
            lambda one: (one / "bin/gunicorn").write_text("#!other\n"), id="a program changed"
        ),
        pytest.param(lambda one: (one / "bin/gunicorn").chmod(0o600), id="one that cannot run"),
        pytest.param(lambda one: (one / "lib").chmod(0o700), id="a folder of another mode"),
        pytest.param(relinked, id="an interpreter elsewhere"),
        pytest.param(lambda one: (one / "pyvenv.cfg").unlink(), id="no pyvenv.cfg"),
        pytest.param(lambda one: (one / ".built").write_text(""), id="an empty manifest"),
        pytest.param(lambda one: keep(one / ".built", slice(-5)), id="a manifest that was cut"),
        pytest.param(
            lambda one: keep(one / ".built", slice(5, None)), id="a manifest without some lines"
        ),
        pytest.param(with_more_and_files(slice(-5)), id="a list of files that was cut"),
        pytest.param(with_more_and_files(slice(5, None)), id="one without some lines"),
        pytest.param(with_more_and_files(slice(0)), id="an empty one"),
        pytest.param(a_pipe_for_files, id="a pipe in its place"),
    ],
)
def test_damage_is_seen(virtualenv: Path, damage: Callable[[Path], object]) -> None:
    os.umask(0o022)
    damage(virtualenv)
    assert is_damaged(virtualenv)
