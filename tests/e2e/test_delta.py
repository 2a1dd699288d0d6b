"""A large project: a host that has the release before gets only what it lacks."""

import hashlib
import os
import re
from pathlib import Path

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host

pytestmark = pytest.mark.e2e

LARGE_BYTES = 20_000_000
FEW_BYTES = 1_000_000
"""More than all scripts and answers of a run."""
CANNOT_REBUILD = """#!/bin/sh
case $* in *"Make an archive of"*) exit 1 ;; esac
exec /usr/bin/python3 "$@"
"""


def received(host: Host) -> int:
    """The bytes that have come to a host so far."""
    told = host.enter("cat /proc/net/dev").stdout
    return sum(int(found) for found in re.findall(r"^ *(?!lo:)\S+: *(\d+)", told, re.MULTILINE))


def change(site: Controller) -> str:
    """Change a line of the project; the line."""
    line = f"# {os.urandom(8).hex()}"
    with (site.project() / "manage.py").open("a") as file:
        file.write(f"{line}\n")
    return line


def is_all_there(site: Controller, host: Host) -> bool:
    """Whether the live release has the project's files, byte for byte."""
    told = host.enter(
        "cd /home/fooproject/fooproject/source && find . -type f -exec sha256sum {} +"
    ).stdout
    found = {path: digest for digest, path in map(str.split, told.splitlines())}
    files: list[Path] = [path for path in site.project().rglob("*") if path.is_file()]
    assert files
    return all(
        found.get(f"./{path.relative_to(site.project())}")
        == hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    )


@pytest.mark.long
def test_a_host_gets_what_changed_of_a_large_project_and_has_the_same_bytes(
    site: Controller, web: Host
) -> None:
    (site.project() / "large.bin").write_bytes(os.urandom(LARGE_BYTES))
    site.apply()
    assert is_all_there(site, web)

    change(site)
    before = received(web)
    site.apply()
    assert received(web) - before < FEW_BYTES
    assert is_all_there(site, web)
    assert site.plan() == []

    # The live release's own file is not what it was.
    web.enter("echo more >> ~/fooproject/source/large.bin", user="fooproject")
    change(site)
    before = received(web)
    site.apply()
    assert received(web) - before > LARGE_BYTES
    assert is_all_there(site, web)

    # It changes meanwhile, or whatever else goes wrong with it on the host.
    web.write("/usr/local/bin/python3", CANNOT_REBUILD, mode=0o755)
    change(site)
    before = received(web)
    told = site.apply().output
    assert received(web) - before > LARGE_BYTES
    assert "has changed: the whole archive is sent" in told
    assert is_all_there(site, web)
    assert site.plan() == []
    assert get(web).status == 200
