"""What a project may ask of its server as a whole."""

import json
from collections.abc import Callable

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import release_at, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

UPDATES = "Server | Install security updates every day"
RECORD = "Server | Write down what is asked of it"
FORGET = "Server | Ask nothing of it any more"
NEIGHBOUR = "/usr/local/lib/shop/server.json"


@pytest.fixture(scope="module")
def server(lab: Lab, deployed_web: Host) -> Host:
    host = lab.host("asked", layer=DEPLOYED)
    wait_for("the site is up", lambda: release_at(host))
    return host


def changes(site: Controller) -> list[str]:
    """What of this a run has changed, as its plan said."""
    planned = site.plan()
    assert site.apply().changed == planned
    return [name for name in planned if name.startswith("Server |")]


def test_security_updates_alone_install_themselves(
    server: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(server)
    before = server.enter("find /etc -type f -exec sha256sum {} + | sort").stdout
    site.data["automatic_updates"] = True
    assert changes(site) == [RECORD, UPDATES]
    # All of Debian's own files are as its packages have left them, and turn nothing on.
    assert (
        server.enter("grep -h '\"1\"' /etc/apt/apt.conf.d/20auto-upgrades", check=False).stdout
        == ""
    )
    told = server.enter("unattended-upgrade --dry-run -v 2>&1").stdout
    [origins] = [line for line in told.splitlines() if line.startswith("Allowed origins are:")]
    assert "codename=bookworm-security,label=Debian-Security" in origins
    assert "label=Debian," not in f"{origins},"
    assert 'Automatic-Reboot "false"' in server.enter("apt-config dump").stdout
    timers = "apt-daily.timer apt-daily-upgrade.timer"
    assert server.enter(f"systemctl is-active {timers}").stdout == "active\nactive\n"
    server.reboot()
    assert site.plan() == []

    server.enter("systemctl stop apt-daily.timer; rm /etc/apt/apt.conf.d/60django-stack")
    assert changes(site) == [UPDATES]

    # needrestart has nothing to ask, and restarts nothing that visitors are served by.
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends"
    server.enter(f"{install} needrestart > /dev/null 2>&1")
    assert changes(site) == [UPDATES]
    served = "systemctl show -p MainPID nginx supervisor"
    pids = server.enter(served).stdout
    told = server.enter("needrestart -v -r a 2>&1 < /dev/null").stdout
    assert "eval /etc/needrestart/conf.d/django-stack.conf" in told
    assert server.enter(served).stdout == pids

    # Another project of the server asks for it too.
    server.write(NEIGHBOUR, json.dumps({"user": "shop", "automatic_updates": True}))
    site.data["automatic_updates"] = False
    assert changes(site) == [FORGET]
    server.enter("test -e /etc/apt/apt.conf.d/60django-stack")
    server.enter("rm -r /usr/local/lib/shop")
    assert changes(site) == ["Server | Leave security updates to you"]
    assert (
        server.enter("apt-config dump | grep 'Unattended-Upgrade \"1\"'", check=False).stdout == ""
    )
    after = server.enter("find /etc -type f -exec sha256sum {} + | sort").stdout
    lost = set(before.splitlines()) - set(after.splitlines())
    # What dpkg and systemd keep for themselves of the new packages.
    assert {line.split("/etc/")[1].split("/")[0] for line in lost} <= {"ld.so.cache"}
