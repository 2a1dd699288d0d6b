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
        ["sh", "-euc", RUN, "sh", "worker", "/dev/null", "/releases/one", str(tmp_path / "log")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    told = "supervisord has not answered within 60 s (pid): another client may be keeping it busy."
    assert done.stderr.startswith(told)


ENDING = """#!/bin/sh
echo "$*" >> "{folder}/asked"
case $3 in
  pid) [ $# = 3 ] || cat "{folder}/pid" ;;
  status)
    if [ -s "{folder}/ends" ]; then
      sed -i 1d "{folder}/ends"
      echo "worker STOPPING"
    else
      echo "worker RUNNING"
    fi ;;
  update) [ -s "{folder}/ends" ] || echo "worker: updated process group" ;;
  stop) ;;
  remove) [ -s "{folder}/ends" ] && echo "ERROR: still running" || echo "removed process group" ;;
esac
"""
"""A supervisord that says of a program that it is ending, as often as `ends` has lines."""
TIMEOUT = """#!/bin/sh
case $* in
  *" $LATE "*) echo "$3" > "{folder}/waited"; exit 124 ;;
esac
shift 3
exec "$@"
"""
"""Knows no time: what is late has not been done in any."""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Path]:
    """A folder with what stands in for Supervisor; the program in it has two hours to end."""
    stubs = {
        "supervisorctl": ENDING,
        "timeout": TIMEOUT,
        "systemctl": ACTIVE,
        "sleep": "#!/bin/sh\n",
    }
    for name, text in stubs.items():
        (tmp_path / name).write_text(text.replace("{folder}", str(tmp_path)))
        (tmp_path / name).chmod(0o700)
    (tmp_path / "worker.conf").write_text("[program:worker]\nstopwaitsecs=7200\n")
    (tmp_path / "log").touch()
    its = {**os.environ, "RELEASE_FOLDER": "/releases/one"}
    with subprocess.Popen(["/usr/bin/sleep", "60"], env=its) as program:
        (tmp_path / "pid").write_text(f"{program.pid}\n")
        yield tmp_path
        program.kill()


def run_worker(folder: Path, script: str, late: str = "-") -> "subprocess.CompletedProcess[str]":
    """Run a script of programs; `late` is a word to supervisorctl that is not done in time."""
    run = ("/releases/one", str(folder / "log")) if script == RUN else ()
    return subprocess.run(
        ["sh", "-euc", script, "sh", "worker", str(folder / "worker.conf"), *run],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "LATE": late},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(("script", "order"), [(RUN, "update"), (REMOVE, "stop")])
def test_a_program_has_all_the_time_to_end_that_its_file_gives_it(
    worker: Path, script: str, order: str
) -> None:
    done = run_worker(worker, script, order)
    assert done.returncode == 1
    assert int((worker / "waited").read_text()) >= 7200
    assert "supervisord has not answered within" in done.stderr
    # Nothing else is tried, nor waited for.
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("script", "order"), [(RUN, "update"), (REMOVE, "stop")])
def test_one_that_has_not_ended_by_then_is_said_to_be_ending(
    worker: Path, script: str, order: str
) -> None:
    late = TIMEOUT.replace("; exit", '; yes | head -n 9 > "{folder}/ends"; exit')
    (worker / "timeout").write_text(late.replace("{folder}", str(worker)))
    done = run_worker(worker, script, order)
    assert done.returncode == 1
    pid = (worker / "pid").read_text().strip()
    assert done.stderr == (
        "The program worker has not ended within 10800 s: its file gives it 7200 s, but it may "
        "have been started with more (stop_seconds), after which supervisord kills it. Run this "
        f"again once it has ended, or end its work: `kill -KILL -- -{pid}`.\n"
    )
    assert (worker / "worker.conf").exists()


@pytest.mark.parametrize(("script", "order"), [(RUN, "update"), (REMOVE, "stop")])
def test_one_that_a_run_that_was_cut_has_told_to_end_is_waited_for(
    worker: Path, script: str, order: str
) -> None:
    (worker / "ends").write_text("still\n" * 3)
    done = run_worker(worker, script)
    assert (done.returncode, done.stderr) == (0, "")
    asked = [line.split()[2] for line in (worker / "asked").read_text().splitlines()]
    assert asked.index("status") < asked.index(order)
    assert (worker / "ends").read_text() == ""
