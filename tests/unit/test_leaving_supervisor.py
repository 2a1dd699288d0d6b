"""What is said as a project leaves Supervisor, with stand-ins for the clients that it asks."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.commands.leaving import LEAVE_SUPERVISOR

SYSTEMCTL = """#!/bin/sh
case $1 in
  show) echo 1 ;;
  is-active) [ "$2" = -q ] || echo active ;;
esac
"""
SUPERVISORCTL = """#!/bin/sh
case $3 in
  pid) echo 1 ;;
  remove) echo "$ANSWER" ;;
esac
"""
STAYS = "A process still has a connection"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A host with a program of the project's."""
    for name, text in {"systemctl": SYSTEMCTL, "supervisorctl": SUPERVISORCTL}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o700)
    (tmp_path / "shop.conf").write_text("[program:shop]\n")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        yield tmp_path


def leave(folder: Path, disconnect: str, answer: str) -> "subprocess.CompletedProcess[str]":
    words = [str(folder / "socket"), disconnect, str(folder / "shop.conf")]
    return subprocess.run(
        ["sh", "-euc", LEAVE_SUPERVISOR, "sh", *words],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "ANSWER": answer},
        capture_output=True,
        text=True,
    )


def test_connections_that_root_may_not_end_are_told_where_something_then_fails_only(
    folder: Path,
) -> None:
    fails = f"import sys; sys.exit({STAYS!r})"
    done = leave(folder, fails, "ERROR: no")
    assert done.returncode == 1
    assert "Supervisor does not forget shop: ERROR: no\n" in done.stderr
    assert STAYS in done.stderr
    assert (folder / "shop.conf").exists()

    done = leave(folder, fails, "shop: removed process group")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert not (folder / "shop.conf").exists()


def test_connections_that_were_ended_are_told(folder: Path) -> None:
    done = leave(folder, "print('Ended a connection')", "shop: removed process group")
    assert (done.returncode, done.stdout) == (0, "Ended a connection\n")
