"""What of a home keeps its user on a host when the project leaves."""

import socket
import subprocess
from pathlib import Path

from stack.facts.contents import TELL_CONTENTS


def told(home: Path) -> list[str]:
    command = ["sh", "-euc", TELL_CONTENTS, "sh", str(home), "fooproject"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def listen(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def test_a_socket_keeps_nobody_as_it_goes_with_the_program_that_listens(tmp_path: Path) -> None:
    for path in ("gunicorn.sock", "shared/stats.sock", ".local/state/one.sock", ".gunicorn/ctl"):
        listen(tmp_path / path)
    assert told(tmp_path) == ["h gunicorn.sock", "h shared", "o .gunicorn", "h .local", "end"]


def test_what_leads_to_a_socket_and_what_is_beside_one_keeps_him(tmp_path: Path) -> None:
    listen(tmp_path / "shared" / "one.sock")
    (tmp_path / "shared" / "uploads").write_text("mine")
    (tmp_path / "link").symlink_to("shared/one.sock")
    # A folder of his own is there whatever has become of its socket.
    listen(tmp_path / "run" / "gunicorn.sock")
    assert told(tmp_path) == ["s link", "s run", "s shared", "end"]
