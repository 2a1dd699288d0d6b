"""How a switch talks to supervisord: here to one that keeps to Supervisor's interface."""

import os
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCDispatcher, SimpleXMLRPCRequestHandler

import pytest

from stack.onhost.switch import claim, program, supervisor, visitors
from stack.onhost.switch.system import SwitchError

PROGRAM = "django"
LOG = Path("/var/log/shop/gunicorn.log")


class Supervisord:
    """Programs with the files they were started from, and the files as they are."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.groups = dict(files)
        self.numbers = count(100)
        self.pids = {name: next(self.numbers) for name in files}
        self.unreadable = ""
        self.waits = False
        self.logs = dict.fromkeys(("former", PROGRAM), "shop/gunicorn.log")
        self.ending: set[str] = set()

    def answer(self, method: str, words: tuple[object, ...]) -> object:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", method.removeprefix("supervisor."))
        return getattr(self, name.lower())(*words)

    def get_state(self) -> dict[str, object]:
        return {"statename": "RUNNING"}

    def get_pid(self) -> int:
        return 7

    def get_process_info(self, name: str) -> dict[str, object]:
        if name not in self.groups:
            raise Fault(10, "BAD_NAME")
        pid = self.pids.get(name, 0)
        state = "RUNNING" if pid else "STOPPED"
        if name in self.ending:
            # The end of a program is noticed by and by.
            self.ending.remove(name)
            del self.pids[name]
            state = "STOPPING"
        told = {"group": name, "pid": pid, "statename": state, "description": f"pid {pid}"}
        return {**told, "stdout_logfile": f"/var/log/{self.logs.get(name, name)}"}

    def get_all_process_info(self) -> list[dict[str, object]]:
        return [self.get_process_info(name) for name in self.groups]

    def reload_config(self) -> list[list[list[str]]]:
        if self.unreadable:
            raise Fault(92, f"CANT_REREAD: {self.unreadable}")
        both = self.files.keys() & self.groups.keys()
        changed = [name for name in both if self.files[name] != self.groups[name]]
        added, removed = self.files.keys() - both, self.groups.keys() - both
        return [[sorted(added), sorted(changed), sorted(removed)]]

    def remove_process_group(self, name: str) -> bool:
        if name in self.pids:
            raise Fault(91, "STILL_RUNNING")
        del self.groups[name]
        return True

    def add_process_group(self, name: str) -> bool:
        self.groups[name] = self.files[name]
        self.pids[name] = next(self.numbers)
        return True

    def stop_process_group(self, name: str, wait: bool) -> list[object]:
        if name in self.pids:
            self.stop_process(name, wait)
        return []

    def stop_process(self, name: str, wait: bool) -> bool:
        if name not in self.pids:
            raise Fault(70, f"NOT_RUNNING: {name}")
        self.waits = self.waits or wait
        self.ending.add(name)
        return True

    def start_process(self, name: str, wait: bool) -> bool:
        if name in self.pids:
            raise Fault(60, f"ALREADY_STARTED: {name}")
        self.waits = self.waits or wait
        self.pids[name] = next(self.numbers)
        return True


class _Handler(SimpleXMLRPCRequestHandler):
    disable_nagle_algorithm = False  # a unix socket has none

    def address_string(self) -> str:
        return "unix"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class _Server(SimpleXMLRPCDispatcher, socketserver.UnixStreamServer):
    def __init__(self, path: str, answer: Callable[[str, tuple[object, ...]], object]) -> None:
        SimpleXMLRPCDispatcher.__init__(self)
        self.register_instance(type("_", (), {"_dispatch": staticmethod(answer)}))
        socketserver.UnixStreamServer.__init__(self, path, _Handler)


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisord]:
    """One that runs our program and another's, at the socket that is asked."""
    monkeypatch.setattr(supervisor, "SOCKET", tmp_path / "supervisor.sock")
    monkeypatch.setattr(supervisor, "ROOT", os.geteuid())
    daemon = Supervisord({PROGRAM: "first", "other": "first"})
    with _Server(str(tmp_path / "supervisor.sock"), daemon.answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield daemon
        server.shutdown()
        thread.join()


def test_a_program_with_another_file_runs_by_that(daemon: Supervisord) -> None:
    before = dict(daemon.pids)
    daemon.files |= {PROGRAM: "second", "other": "second"}
    assert program.run_anew(PROGRAM, LOG) == ""
    assert daemon.groups == {PROGRAM: "second", "other": "first"}
    assert daemon.pids["other"] == before["other"]
    assert supervisor.pid_of(PROGRAM) not in (0, before[PROGRAM])


def test_a_program_whose_name_has_changed_ends_before_it_is_started_and_no_others(
    daemon: Supervisord,
) -> None:
    daemon.groups["former"] = daemon.groups.pop(PROGRAM)
    daemon.pids["former"] = daemon.pids.pop(PROGRAM)
    # A person has taken its file away, and not told supervisord so.
    other = daemon.pids["other"]
    del daemon.files["other"]
    assert program.run_anew(PROGRAM, LOG) == ""
    assert daemon.groups.keys() == {PROGRAM, "other"}
    assert daemon.pids.keys() == {PROGRAM, "other"}
    assert daemon.pids["other"] == other


def test_a_program_that_is_new_is_started(daemon: Supervisord) -> None:
    del daemon.groups[PROGRAM], daemon.pids[PROGRAM]
    assert program.run_anew(PROGRAM, LOG) == ""
    assert supervisor.pid_of(PROGRAM)


@pytest.mark.parametrize("runs", [True, False])
def test_a_program_with_the_file_it_has_is_started_anew(daemon: Supervisord, runs: bool) -> None:
    before = daemon.pids[PROGRAM] if runs else daemon.pids.pop(PROGRAM)
    said = program.run_anew(PROGRAM, LOG)
    assert said == ("" if runs else f"stopProcess: NOT_RUNNING: {PROGRAM}")
    assert supervisor.pid_of(PROGRAM) not in (0, before)
    assert not daemon.waits


def test_files_that_cannot_be_read_stop_nothing(daemon: Supervisord) -> None:
    before = dict(daemon.pids)
    daemon.unreadable = "no command in [program:x]"
    with pytest.raises(SwitchError, match=r"cannot read its files: .* no command in"):
        program.run_anew(PROGRAM, LOG)
    assert daemon.pids == before


def test_a_state_is_told_in_a_line(daemon: Supervisord) -> None:
    assert supervisor.status(PROGRAM) == f"{PROGRAM} RUNNING pid {daemon.pids[PROGRAM]}"
    assert supervisor.status("nobody's") == "nobody's has no state: BAD_NAME"
    assert (supervisor.pid(), supervisor.pid_of("nobody's")) == (7, 0)


def test_one_that_takes_connections_and_answers_nobody_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "supervisor.sock"
    monkeypatch.setattr(supervisor, "SOCKET", path)
    monkeypatch.setattr(supervisor, "ROOT", os.geteuid())
    monkeypatch.setattr(supervisor, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(supervisor, "run", lambda *_: "7")
    supervisor.refuse_silence()  # away, as in a reload
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        supervisor.refuse_silence()  # made, and not listened to yet
        silent.listen()
        monkeypatch.setattr(supervisor, "stopped", lambda _: False)
        with pytest.raises(SwitchError, match=r"\(process 7\).*`systemctl restart supervisor`"):
            supervisor.refuse_silence()
        monkeypatch.setattr(supervisor, "stopped", lambda _: True)
        with pytest.raises(SwitchError, match="has stopped it: `kill -CONT 7`"):
            supervisor.refuse_silence()


def test_what_runs_is_not_told_where_supervisord_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "SOCKET", tmp_path / "supervisor.sock")
    monkeypatch.setattr(visitors, "has_visitors", lambda _: False)
    monkeypatch.setattr(visitors, "with_understudy", lambda _: False)
    host: Any = SimpleNamespace(
        release=lambda: "r1", live="~/shop", server="Gunicorn", timeout=9, bind="unix:/none"
    )
    assert claim.said_of(host) == (
        "~/shop leads to r1; supervisord does not answer, so what Gunicorn runs is not known."
    )


def test_one_that_answers_is_not_refused(daemon: Supervisord) -> None:
    supervisor.refuse_silence()


def test_a_supervisord_that_is_not_there_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "SOCKET", tmp_path / "supervisor.sock")
    assert (supervisor.pid(), supervisor.pid_of(PROGRAM)) == (0, 0)
    assert "No such file" in supervisor.status(PROGRAM)
    assert "No such file" in program.run_anew(PROGRAM, LOG)
