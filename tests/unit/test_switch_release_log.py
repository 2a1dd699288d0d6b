"""The release log: what cannot be written is told, and takes no other line with it."""

import json
import os
import resource
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from stack.onhost.switch.host import Host
from stack.onhost.switch.journal import entry


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return cast(Host, SimpleNamespace(logs=tmp_path, release=lambda: "one"))


def test_a_release_that_is_not_logged_is_told_of_though_all_went_well(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    (host.logs / "releases.log").mkdir()
    with entry(host, "two", "HEAD", "me"):
        pass
    # Standard error is shown of what fails, and nothing has.
    told = capsys.readouterr()
    assert told.out.startswith("This could not be written to the release log: ")
    assert told.err == ""


def test_a_line_that_has_no_room_leaves_the_log_as_it_was(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    log = host.logs / "releases.log"
    with entry(host, "two", "HEAD", "me"):
        pass
    before = log.read_bytes()
    # Of a file that may grow no more, the kernel takes what still fits, as of a disk.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))
    try:
        with entry(host, "three", "HEAD", "me"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert log.read_bytes() == before
    assert "No space left on device" in capsys.readouterr().out
    with entry(host, "four", "HEAD", "me"):
        pass
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["release"] for one in lines] == ["two", "four"]
    assert os.stat(log).st_mode & 0o777 == 0o644
