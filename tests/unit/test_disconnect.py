"""What is connected to supervisord when its socket closes is ended, and nothing else."""

import errno
import multiprocessing
import os
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from stack.onhost import disconnect

HERE = os.getuid()


def serve(path: str) -> None:
    """Answer each connection, one after the other, and keep it, as supervisord does."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        poller, kept = select.poll(), {listening.fileno(): listening}
        poller.register(listening, select.POLLIN)
        while True:
            for number, _ in poller.poll():
                if number == listening.fileno():
                    one = listening.accept()[0]
                    kept[one.fileno()] = one
                    poller.register(one, select.POLLIN)
                    continue
                try:
                    if kept[number].recv(100):
                        kept[number].sendall(b"here")
                        continue
                except ConnectionError:
                    pass
                poller.unregister(number)
                kept.pop(number).close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A process that stands for supervisord, and its socket's path."""
    path = str(tmp_path / "supervisor.sock")
    process = multiprocessing.get_context("fork").Process(target=serve, args=(path,), daemon=True)
    process.start()
    while not os.path.exists(path):
        pass
    assert process.pid
    yield process.pid, path
    process.kill()
    process.join()


def connected(path: str) -> socket.socket:
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(20)
    while one.connect_ex(path):
        pass
    one.sendall(b"hello")
    assert one.recv(4) == b"here"
    return one


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disconnect, "PAUSE_SECONDS", 0.01)


@pytest.mark.usefixtures("at_once")
def test_those_of_others_end_wherever_their_other_end_is(
    served: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, path = served
    # The connections by which it is asked itself are by the same user as all others here.
    monkeypatch.setattr(disconnect, "_answers", lambda path: True)
    held, sent = connected(path), connected(path)
    sender, receiver = socket.socketpair()
    socket.send_fds(sender, [b"x"], [sent.fileno()])
    sent.close()
    assert disconnect.main(pid, path, own=HERE + 1) == {HERE: 2}
    _, [number], *_ = socket.recv_fds(receiver, 1, 1)
    for one in (held, socket.socket(fileno=number)):
        assert one.recv(1) == b""
        with pytest.raises(BrokenPipeError):
            one.sendall(b"again")
        one.close()
    assert connected(path).fileno() > 0
    sender.close()
    receiver.close()


@pytest.mark.usefixtures("at_once")
def test_ones_own_stay(served: tuple[int, str]) -> None:
    pid, path = served
    with connected(path) as own:
        assert disconnect.main(pid, path, own=HERE) == {}
        own.sendall(b"again")
        assert own.recv(4) == b"here"


@pytest.mark.usefixtures("at_once")
def test_where_root_may_end_none_there_must_be_none(
    served: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, path = served

    def forbidden(*words: object) -> Iterator[tuple[int, socket.socket]]:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(disconnect, "_connections", forbidden)
    monkeypatch.setattr(disconnect, "SECONDS", 1)
    with connected(path), pytest.raises(TimeoutError, match="root may not end it on this host"):
        disconnect.main(pid, path)
    assert disconnect.main(pid, path) == {}


@pytest.mark.usefixtures("at_once")
def test_no_name_of_a_socket_passes_for_a_connection(
    served: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, path = served

    def forbidden(*words: object) -> Iterator[tuple[int, socket.socket]]:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(disconnect, "_connections", forbidden)
    monkeypatch.setattr(disconnect, "SECONDS", 1)
    links = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()]
    with ExitStack() as opened:
        for inode in [link[8:-1] for link in links if link.startswith("socket:")]:
            forging = opened.enter_context(socket.socket(socket.AF_UNIX))
            forging.bind(f"\0{inode}\na 1 1 00000000 0001 03 {inode} /x\n")
        assert disconnect.main(pid, path) == {}


def test_a_supervisord_that_has_ended_has_no_connections(tmp_path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()
    assert process.pid
    assert disconnect.main(process.pid, str(tmp_path / "none")) == {}
