"""Who holds the app server's address is looked for in a limited time, whatever its user runs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.onhost.switch import rivals, supervisor
from stack.onhost.switch.rivals import end_rivals, refuse_others
from stack.onhost.switch.system import SwitchError

HOST: Any = SimpleNamespace(user="shop", uid=os.getuid(), program="shop", bind="")
PROCESS = """
import os, signal, socket, sys
port, copies, forks = map(int, sys.argv[1:])
signal.signal(signal.SIGTERM, signal.SIG_IGN if forks else signal.SIG_DFL)
listening = socket.create_server(("127.0.0.1", 0)) if port else None
print(listening.getsockname()[1] if listening else 0, flush=True)
for _ in range(copies):
    os.dup(0)
pids = [os.getpid()]
for _ in range(forks):
    if not (pid := os.fork()):
        break
    pids.append(pid)
else:
    print(*pids, flush=True)
sys.stdin.read()
"""
Start = Callable[..., tuple[str, list[Path]]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process of some files; the address that it has, and its folder and its children's."""
    started = []

    def begin(listens: bool = True, copies: int = 0, forks: int = 0, **variables: str) -> Any:
        words = [sys.executable, "-c", PROCESS, f"{listens:d}", f"{copies}", f"{forks}"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(words, env=variables, text=True, **pipes)  # type: ignore[call-overload]
        started.append(process)
        port, pids = process.stdout.readline().strip(), process.stdout.readline().split()
        return f"127.0.0.1:{port}", [Path(f"/proc/{pid}") for pid in pids]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say which processes the host has, and which one is the program's."""

    def say(*folders: Path, swarm: Path | None = None, program: int = 0) -> None:
        many = repeat(swarm, 10_000_000) if swarm else ()
        monkeypatch.setattr(rivals, "_processes", lambda: many or iter(folders))
        monkeypatch.setattr(supervisor, "pid_of", lambda name: program)
        monkeypatch.setattr(supervisor, "pid", lambda: 7)
        monkeypatch.setattr(rivals, "SEARCH_SECONDS", 0.5)

    return say


def number(folder: Path) -> int:
    return int(folder.name)


def ends(folder: Path) -> bool:
    """Whether a process has ended."""
    return not folder.exists() or " Z " in (folder / "stat").read_text().rpartition(")")[2][:4]


def test_a_gunicorn_that_was_started_by_hand_is_ended_and_supervisors_own_is_not(
    start: Start, running: Callable[..., None]
) -> None:
    bind, [by_hand] = start()
    _, [own] = start(SUPERVISOR_ENABLED="1", SUPERVISOR_PROCESS_NAME="shop")
    _, [other] = start()
    running(by_hand, own, other)
    end_rivals(HOST, bind, "shop")
    assert [ends(folder) for folder in (by_hand, own, other)] == [True, False, False]


def test_nothing_is_looked_at_where_nobody_listens(
    start: Start, running: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        nobodys = f"127.0.0.1:{sock.getsockname()[1]}"
    _, [other] = start(copies=100)
    running(other)
    looked: list[object] = []
    monkeypatch.setattr(os, "readlink", looked.append)
    end_rivals(HOST, nobodys, "shop")
    end_rivals(HOST, "unix:/run/shop.sock", "shop")
    assert looked == []


def test_a_swarm_of_the_users_holds_up_no_switch(
    start: Start, running: Callable[..., None]
) -> None:
    bind, [own] = start(SUPERVISOR_ENABLED="1", SUPERVISOR_PROCESS_NAME="shop")
    _, [swarm] = start(listens=False, copies=500)
    running(swarm=swarm, program=number(own))
    began = time.monotonic()
    # The address is free once Supervisor has ended the program.
    end_rivals(HOST, bind, "shop")
    running(swarm=swarm, program=0)
    with pytest.raises(SwitchError, match=r"was not found within .* s among all that shop runs"):
        end_rivals(HOST, bind, "shop")
    assert time.monotonic() - began < 10
    assert not ends(own)


def test_who_is_in_the_way_is_told_by_name_where_a_swarm_hides_him(
    start: Start, running: Callable[..., None]
) -> None:
    bind, _ = start()
    _, [swarm] = start(listens=False, copies=500)
    running(swarm=swarm)
    host: Any = SimpleNamespace(**{**vars(HOST), "uid": os.getuid() + 1, "bind": bind})
    began = time.monotonic()
    with pytest.raises(SwitchError, match=rf"{bind} is taken by \w+: end it, or set bind"):
        refuse_others(host)
    assert time.monotonic() - began < 10


def test_who_only_says_that_he_is_the_program_is_in_the_way(
    start: Start, running: Callable[..., None]
) -> None:
    bind, folders = start(forks=1, SUPERVISOR_ENABLED="1", SUPERVISOR_PROCESS_NAME="shop")
    host: Any = SimpleNamespace(**{**vars(HOST), "uid": os.getuid() + 1, "bind": bind})
    running(*folders)
    with pytest.raises(SwitchError, match=rf"{bind} is taken by process [0-9]+ "):
        refuse_others(host)
    # What Supervisor says that it runs it ends itself, with the workers.
    running(*folders, program=number(folders[0]))
    refuse_others(host)


def test_rivals_that_do_not_end_are_waited_for_together(
    start: Start, running: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bind, folders = start(forks=9)
    running(*folders)
    monkeypatch.setattr(rivals, "PATIENCE_SECONDS", 1)
    monkeypatch.setattr(rivals, "SEARCH_SECONDS", 30)
    began = time.monotonic()
    end_rivals(HOST, bind, "shop")
    assert time.monotonic() - began < 6
    assert [ends(folder) for folder in folders] == [True] * 10
