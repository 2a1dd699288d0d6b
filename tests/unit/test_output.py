"""What hosts print is text, and nothing that a terminal obeys."""

import logging
import socket
import threading
from pathlib import Path
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyinfra.connectors import util

from stack.host.printable import printable
from stack.run import output
from tests.unit.fake_hosts import inventory
from tests.unit.running import pyinfra


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("tabs\tstay", "tabs\tstay"),
        ("naïve ☃", "naïve ☃"),
        ("\x1b]0;title\x07", "?]0;title?"),
        ("a\rb\u202ec", "a?b?c"),
    ],
)
def test_a_line_is_printable(said: str, shown: str) -> None:
    assert printable(said) == shown


def test_only_our_colours_and_lines_reach_the_terminal() -> None:
    ours = "\x1b[33mreleases\x1b[0m\n"
    assert output.shown(f"{ours}\x1b]0;title\x07 \x1b[2J") == f"{ours}?]0;title? ?[2J"


def test_no_colour_hides_what_is_said() -> None:
    hiding = ("8", "30;40", "5", "38;5;0", "")
    assert [output.shown(f"\x1b[{code}m") for code in hiding] == [f"?[{code}m" for code in hiding]


def test_what_is_logged_is_printable(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("a log as pyinfra's")
    log.addFilter(output._log_safely)
    log.warning("has pointers (%s)", "\x1b]0;title\x07")
    assert caplog.messages == ["has pointers (?]0;title?)"]


@given(st.lists(st.binary()))
def test_any_bytes_are_read(lines: list[bytes]) -> None:
    before = util.read_buffer
    output.read_safely()
    try:
        queue: Queue[util.OutputLine] = Queue()
        util.read_buffer("stdout", lines, queue)
    finally:
        util.read_buffer = before
    assert len(queue.queue) == len(lines)
    assert all(one.line.replace("\t", "").isprintable() for one in queue.queue)


def test_what_a_host_prints_without_end_is_read_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(output, "MOST_CHARACTERS", 10)
    lines = iter([b"1234\n", b"5678\n", b"9\n"])
    queue: Queue[util.OutputLine] = Queue()
    output._read_buffer("stdout", lines, queue)
    assert [one.line for one in queue.queue] == ["1234", "5678"]
    assert next(lines, None) is None


def test_what_is_no_ssh_server_is_told_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.settimeout(60)
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        data = {"ssh_port": server.getsockname()[1], "ssh_user": "root"}
        (tmp_path / "inventory.py").write_text(f"app = [('127.0.0.1', {data})]\n")
        told = pyinfra(tmp_path / "inventory.py", "exec", "--", "true")
        thread.join()
    assert told.returncode
    assert "SSH error (Error reading SSH protocol banner" in told.stderr
    assert "Traceback" not in told.stdout + told.stderr


REFUSES = """
for _, data in app[{first}:]:
    data["fake_responses"]["apt-get"] = {{"success": False, "stderr": ["no such package"]}}
"""


@pytest.mark.parametrize(
    ("first", "failed"), [(1, "@fake/web2, @fake/web3"), (0, "@fake/web1, @fake/web2, @fake/web3")]
)
def test_the_last_line_of_a_run_that_ends_names_the_hosts_that_failed(
    tmp_path: Path, first: int, failed: str
) -> None:
    path = tmp_path / "inventory.py"
    path.write_text(inventory(3) + REFUSES.format(first=first))
    done = pyinfra(path, "deploy.py", "-y")
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert done.stderr.splitlines()[-1] == (
        f"--> pyinfra error: {failed}: failed, so the run has ended; the reason is above"
    )
