"""Root and Nginx speak to the socket that was looked at, whatever its user does to it later."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from stack.onhost.switch.host import Host
from stack.onhost.switch.understudy import Understudy


@pytest.fixture
def understudy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Understudy:
    """One whose folder is there."""
    # The kernel takes a path of a hundred bytes.
    monkeypatch.chdir(tmp_path)
    told = SimpleNamespace(user="shop", uid=os.getuid(), sockets=Path("sockets"), logs=tmp_path)
    made = Understudy(cast(Host, told), tmp_path)
    made.own.mkdir(parents=True)
    return made


@pytest.fixture
def listener(understudy: Understudy) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(understudy._socket))
        server.listen()
        yield server


def test_a_socket_is_reached_though_its_user_has_put_another_in_its_place(
    understudy: Understudy, listener: socket.socket
) -> None:
    assert understudy._fix() == ""
    understudy._socket.unlink()
    understudy._socket.symlink_to("/run/other.sock")
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(understudy.bind.removeprefix("unix:"))
        visitor.send(b"for you")
        assert listener.accept()[0].recv(9) == b"for you"


@pytest.mark.parametrize("other", ["a symlink", "a file"])
def test_what_is_no_socket_gets_no_name(understudy: Understudy, other: str) -> None:
    if other == "a symlink":
        understudy._socket.symlink_to("/run/other.sock")
    else:
        understudy._socket.touch()
    assert understudy._fix() == f"{understudy._socket} is not a socket of shop's"
    assert [path.name for path in Path("sockets").iterdir()] == [understudy.own.name]


@pytest.mark.usefixtures("listener")
def test_a_socket_of_somebody_elses_gets_no_name(understudy: Understudy) -> None:
    understudy.host.uid += 1
    assert understudy._fix() == f"{understudy._socket} is not a socket of shop's"
    assert [path.name for path in Path("sockets").iterdir()] == [understudy.own.name]
