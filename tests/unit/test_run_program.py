"""What is said of programs that Supervisor is to run, with a stand-in for Supervisor's client."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from stack.commands.programs import REMOVE, RUN, WATCH

SUPERVISORCTL = """#!/bin/sh
case $3 in
  pid) cat "{folder}/$4.pid" ;;
  status) echo "$4 RUNNING" ;;
esac
"""
WC = """#!/bin/sh
/usr/bin/wc "$@"
: > "$0.$$"
"""
"""Leaves a file once it has said how much a log has."""
ENDS = """
until [ "$(ls "$FOLDER"/wc.* 2> /dev/null | wc -l)" = 2 ]; do sleep 0.1; done
echo no module >> "$FOLDER/ends.log"
"""


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Path]:
    """A folder with the logs of two programs: one stays up, the other ends."""
    for name, text in {"supervisorctl": SUPERVISORCTL.format(folder=tmp_path), "wc": WC}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o700)
    programs = {"stays": "exec sleep 60", "ends": ENDS}
    started = []
    for name, script in programs.items():
        (tmp_path / f"{name}.log").write_text("of the release before\n")
        program = subprocess.Popen(
            ["sh", "-c", script], env={**os.environ, "FOLDER": str(tmp_path)}
        )
        (tmp_path / f"{name}.pid").write_text(f"{program.pid}\n")
        # As supervisord does: until then a process that has ended is still there.
        waiting = Thread(target=program.wait)
        waiting.start()
        started.append((program, waiting))
    yield tmp_path
    for program, waiting in started:
        program.kill()
        waiting.join()


def watch(folder: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    words = [word for name in names for word in (name, str(folder / f"{name}.log"))]
    return subprocess.run(
        ["sh", "-euc", WATCH, "sh", "/releases/one", *words],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )


def test_a_program_that_ends_once_it_was_seen_to_run_is_told_with_what_it_logged(
    watched: Path,
) -> None:
    done = watch(watched, "stays", "ends")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "no module",
        "ends RUNNING",
        "The program ends ended soon after it was started; one is live without it.",
    ]


def test_programs_that_stay_up_are_taken(watched: Path) -> None:
    done = watch(watched, "stays")
    assert (done.returncode, done.stderr) == (0, "")


FORGETFUL = """#!/bin/sh
case $3 in
  pid) echo 7 ;;
  stop) ;;
  remove) echo "$WORD $4" ;;
  *) echo "ERROR: CANT_REREAD: zz.conf has no command"; exit 2 ;;
esac
"""
ACTIVE = "#!/bin/sh\necho active\n"


def remove(folder: Path, word: str) -> "subprocess.CompletedProcess[str]":
    """Remove a program whose file is in a folder; supervisord says a word to it."""
    for name, text in {"supervisorctl": FORGETFUL, "systemctl": ACTIVE}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o700)
    (folder / "mailer.conf").touch()
    return subprocess.run(
        ["sh", "-euc", REMOVE, "sh", "mailer", str(folder / "mailer.conf")],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "WORD": word},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("word", ["removed process group", "ERROR: no such process/group:"])
def test_a_program_is_forgotten_whatever_other_files_of_supervisors_say(
    tmp_path: Path, word: str
) -> None:
    done = remove(tmp_path, word)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "mailer.conf").exists()


def test_a_program_that_is_not_forgotten_keeps_its_file_and_says_why(tmp_path: Path) -> None:
    done = remove(tmp_path, "ERROR: process/group still running:")
    assert done.returncode == 1
    told = "Supervisor does not forget mailer: ERROR: process/group still running: mailer\n"
    assert done.stderr == told
    assert (tmp_path / "mailer.conf").exists()


def test_a_supervisord_that_does_not_answer_is_not_waited_for_without_end(tmp_path: Path) -> None:
    # It is out of time at once.
    stubs = {"systemctl": "echo active", "timeout": "exit 124", "supervisorctl": "exit 1"}
    for name, line in stubs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o700)
    done = subprocess.run(
        ["sh", "-euc", RUN, "sh", "worker", "/releases/one", str(tmp_path / "log")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("supervisord has not answered within 60 s (pid): is somebody")
