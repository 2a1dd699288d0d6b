"""What the switch knows of the project is what was declared, where it works that out by itself."""

import json
import os
import pwd
from types import SimpleNamespace

import pytest

from stack.host.files import File
from stack.onhost.switch.host import Host
from stack.project.target import Target
from tests.unit.hosts import sample_target


@pytest.fixture
def target() -> Target:
    return sample_target()


@pytest.fixture
def host(target: Target, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host that has an account of the project's user."""
    layout = target.layout
    account = SimpleNamespace(pw_uid=os.getuid(), pw_gid=os.getgid(), pw_dir=str(layout.home))
    monkeypatch.setattr(pwd, "getpwnam", {layout.user: account}.__getitem__)
    path = str(layout.switch_values)
    [text] = [
        file.content for file in target.files.all if isinstance(file, File) and file.path == path
    ]
    return Host(json.loads(text))


def test_what_a_switch_leaves_is_where_a_plan_looks_for_it(host: Host, target: Target) -> None:
    found = {str(host.upstream_file), str(host.sockets)}
    assert found == {*map(str, target.layout.traces_of_a_switch)}
    assert str(host.removed) == str(target.layout.sockets_gone)


def test_what_is_live_is_where_a_plan_looks_for_it(host: Host, target: Target) -> None:
    layout = target.layout
    assert [str(host.live), str(host.logs)] == [str(layout.live), str(layout.logs)]
