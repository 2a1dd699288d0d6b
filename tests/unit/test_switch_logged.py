"""What a command says is kept in a log that it cannot touch, up to a size."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stack.onhost.switch import logged


def kept(log: Path, script: str) -> bytes:
    """What a log has of a shell script's words."""
    with (
        log.open("ab", buffering=0) as file,
        subprocess.Popen(
            ["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process,
    ):
        assert process.stdout
        logged.keep(process.stdout.fileno(), file.fileno(), os.pidfd_open(process.pid))
    return log.read_bytes()


def test_what_is_said_is_added(tmp_path: Path) -> None:
    assert kept(tmp_path / "log", "echo one; echo two >&2") == b"one\ntwo\n"
    assert kept(tmp_path / "log", "sleep 0.2; echo three") == b"one\ntwo\nthree\n"


def test_a_command_that_closes_its_output_is_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    assert kept(tmp_path / "log", "exec > /dev/null 2>&1; sleep 0.3") == b""
    assert time.monotonic() - began >= 0.3


def test_who_is_left_behind_is_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    said = kept(tmp_path / "log", "yes & sleep 60 & echo $! && sleep 0.1; kill -9 $$")
    assert time.monotonic() - began < 30
    os.kill(int(next(line for line in said.split() if line.isdigit())), 9)


def test_a_log_that_is_full_says_so_and_takes_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logged, "MOST_BYTES", 10)
    said = kept(tmp_path / "log", "printf 12345; sleep 0.1; printf 67890abc; sleep 0.1; echo d")
    assert said == b"1234567890" + logged.FULL
    assert kept(tmp_path / "log", "echo more") == said


@pytest.mark.parametrize("script", ["exit 3", "kill -TERM $$", "kill -KILL $$", "true"])
def test_it_ends_as_the_command_does(script: str) -> None:
    ended = f"import sys; sys.path.insert(0, {str(Path(logged.__file__).parent)!r}); import logged"
    code = subprocess.run(["sh", "-c", script]).returncode
    assert (
        subprocess.run([sys.executable, "-c", f"{ended}; logged.end_as({code})"]).returncode == code
    )
