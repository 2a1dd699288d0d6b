"""The fingerprint is the same for the same state, and another for any other."""

from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller
from tests.e2e.fingerprint import difference, fingerprint
from tests.e2e.http import get, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

SITE = "/etc/nginx/sites-available/default"


@pytest.mark.matrix
def test_two_hosts_with_the_same_settings_are_the_same(
    lab: Lab, web: Host, controller: Callable[..., Controller]
) -> None:
    other = lab.host("twin")
    controller(other).apply()
    # The first has booted since, the other has not.
    assert difference(fingerprint(web), fingerprint(other)) == []
    other.reboot()
    wait_for("the site after a reboot", lambda: get(other).status == 200)
    assert difference(fingerprint(web), fingerprint(other)) == []
    other.stop()


CHANGES = {
    "chmod 640 /etc/nginx/nginx.conf": {"path /etc/nginx/nginx.conf"},
    f"echo '#' >> {SITE}": {f"path {SITE}"},
    f"chown :adm {SITE}": {f"path {SITE}"},
    "ln -sfn /tmp /home/fooproject/logs": {"path /home/fooproject/logs"},
    "mkdir /usr/local/lib/fooproject/new": {"path /usr/local/lib/fooproject/new"},
    "usermod -a -G adm fooproject": {"group adm", "path /etc/group", "path /etc/gshadow"},
    "supervisorctl stop django": {"process fooproject", "socket tcp 127.0.0.1:8000"},
    "systemctl mask nginx": {"enabled nginx.service", "path /etc/systemd/system/nginx.service"},
}


def test_whatever_changes_is_seen_and_nothing_else(web: Host) -> None:
    before = fingerprint(web)
    for command, names in CHANGES.items():
        web.enter(command)
        after = fingerprint(web)
        lines = difference(before, after)
        assert all(any(name in line for line in lines) for name in names), (command, lines)
        unnamed = [line for line in lines if not any(name in line for name in names)]
        assert [line for line in unnamed if "gunicorn.ctl" not in line] == [], command
        before = after
    assert "a secret" not in str(before)
