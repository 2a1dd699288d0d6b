"""Whoever ends a run, and however: it ends in a line, with an exit code that tells by what."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from stack.run import interruption
from tests.unit.running import ROOT

DEPLOY = """
from pyinfra.operations import server

server.shell(name="Wait", commands=["echo waits > {mark}; exec cat {gate}"])
"""
IN_A_THREAD = """
from gevent import monkey
monkey.patch_all()
import os, signal, threading, time
from stack.run import interruption

def read():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

signal.signal(signal.SIGINT, signal.default_int_handler)
interruption.end_plainly()
threading.Thread(target=read, daemon=True).start()
time.sleep(60)
print("It goes on.")
"""
"""As in a run: paramiko reads each connection in a thread, which gevent makes a greenlet."""
HOW = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "SIGHUP"}


def ended_by(numbers: Sequence[int], folder: Path, *before: str) -> tuple[int, str]:
    """The exit code of a run that gets signals while a command of its host runs, and its output.

    Args:
        before: words of a program that starts it.
    """
    mark, gate, deploy = folder / "mark", folder / "gate", folder / "deploy.py"
    os.mkfifo(mark)
    os.mkfifo(gate)
    deploy.write_text(DEPLOY.format(mark=mark, gate=gate))
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "pyinfra", "@local", str(deploy), "-y"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        mark.read_text()  # which waits for the command to write
        for number in numbers:
            process.send_signal(number)
        # A run on this machine ends once the command has.
        gate.write_text("it may end")
        process.wait(60)
        said.seek(0)
        return process.returncode, said.read()


@pytest.mark.parametrize("number", HOW)
def test_what_ends_a_run_is_told_and_its_exit_code_is_the_shells(
    tmp_path: Path, number: signal.Signals
) -> None:
    code, said = ended_by([number], tmp_path)
    assert (code, said.count("Traceback")) == (128 + number, 0), said
    assert f"Ended by {HOW[number]}; running again completes it." in said


def test_a_run_ends_whichever_of_its_threads_is_running_then() -> None:
    command = [sys.executable, "-c", IN_A_THREAD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=40)
    assert (done.returncode, done.stdout) == (130, ""), done.stderr


def test_a_run_that_is_to_outlast_its_terminal_does(tmp_path: Path) -> None:
    code, said = ended_by([signal.SIGHUP, signal.SIGTERM], tmp_path, "nohup")
    assert code == 128 + signal.SIGTERM
    assert "SIGHUP" not in said


@pytest.mark.parametrize("number", HOW)
def test_during_a_rollout_the_first_is_noted_and_the_next_ends_it(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = signal.getsignal(signal.SIGHUP)
    monkeypatch.setattr(interruption, "_asked", None)
    monkeypatch.setattr(interruption, "_deferred", True)
    try:
        interruption._interrupt(number, None)
        assert (interruption.asked_by(), interruption.exit_code()) == (HOW[number], 128 + number)
        with pytest.raises(SystemExit) as ended:
            interruption._interrupt(signal.SIGTERM, None)
        assert ended.value.code == 143
    finally:
        signal.signal(signal.SIGHUP, kept)
