"""What root reads of processes ends, whatever their owner has made of them."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack import onhost
from stack.commands.programs import RUN
from stack.onhost.switch import app_server, rivals, supervisor
from stack.onhost.switch.processes import stopped, variable
from stack.shell.scripts import ENVIRONMENT
from tests.endless import ENDLESS

ONHOST = Path(onhost.__file__).parent


@pytest.fixture
def endless() -> Iterator[int]:
    """The number of a process with such an environment."""
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        said = process.stdout.readline().strip()
        if said == "-1":
            pytest.skip("this kernel has no PR_SET_MM_MAP")
        assert said == "endless"
        yield process.pid
        process.kill()


@contextmanager
def little_memory() -> Iterator[None]:
    """Have this process get 500 MB more and no further ones, which is what a reader may take."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    allowed = pages * resource.getpagesize() + 500_000_000
    resource.setrlimit(resource.RLIMIT_AS, (allowed, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def test_an_environment_without_end_takes_no_memory(
    endless: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "pid_of", lambda program: endless)
    monkeypatch.setattr(app_server, "children", lambda pid: ["2"])
    folder = Path(f"/proc/{endless}")
    monkeypatch.setattr(rivals, "_processes", lambda: iter([folder]))
    host: Any = SimpleNamespace(
        program="shop", program_file=tmp_path / "none", uid=folder.stat().st_uid
    )
    with little_memory():
        assert app_server.release_of_process(host) == "1"
        rivals.end_rivals(host, "127.0.0.1:1", "shop")
    assert folder.exists()


SUPERVISORCTL = """#!/bin/sh
case $3 in
  pid) echo {pid} ;;
  status) echo "$4 FATAL" ;;
esac
"""


def test_a_program_whose_environment_has_no_end_is_not_waited_for(
    endless: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "supervisorctl"
    fake.write_text(SUPERVISORCTL.format(pid=endless))
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    words = ["worker", "/dev/null", "/home/shop/releases/2", "/none"]
    words = ["sh", "-euc", ENVIRONMENT + RUN, "sh", *words]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)
    assert (done.returncode, "2 is live without it" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"NAME=a\0OTHER=b\0", "a"),
        (b"OTHER=b\0NAME=a=c\0", "a=c"),
        (b"OTHER=b\0NAME=", ""),
        (b"OTHER_NAME=b\0", None),
        (b"OTHER=\nNAME=b\0", None),
        (b"", None),
        (b"NAME=\xff\0", "\ufffd"),
    ],
)
def test_a_variable_is_known_by_its_whole_name(text: bytes, value: str | None) -> None:
    assert variable(text, "NAME") == value


READS = re.compile(r"/(?:environ|cmdline)\b|[\"'](?:environ|cmdline)[\"']")
READERS = {
    "switch/processes.py": "text.read(MOST_BYTES)",
    "switch/judge.py": "text.read(MOST_BYTES)",
    "switch/reload_nginx.sh": "head -c 99 ",
}
"""By what each of them reads a part and no more."""


def test_nothing_else_reads_what_a_process_says_of_itself() -> None:
    files = [path for path in ONHOST.rglob("*") if path.suffix in (".py", ".sh")]
    found = {str(path.relative_to(ONHOST)): path.read_text() for path in files}
    reading = {name: text for name, text in found.items() if READS.search(text)}
    assert set(reading) == set(READERS)
    for name, text in reading.items():
        assert (len(READS.findall(text)), text.count(READERS[name])) == (1, 1)


def test_a_process_that_a_signal_has_stopped_is_known() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            assert not stopped(process.pid)
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            assert stopped(process.pid)
        finally:
            process.kill()
    assert not stopped(process.pid)
