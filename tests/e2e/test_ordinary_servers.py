"""Servers that were not made for this: what stands in the way is told before anything changes."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SUPERVISORD = """[unix_http_server]
file=/var/run/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisord]
nodaemon=true
pidfile=/run/from-pip.pid
logfile=/var/log/from-pip.log
"""
UNIT = "[Service]\nExecStart=/usr/bin/supervisord -c /etc/supervisord.conf\n"


@pytest.fixture(scope="module")
def ready(lab: Lab) -> Iterator[Host]:
    host = lab.host("ordinary")
    yield host
    host.power_off()


@pytest.fixture
def host(ready: Host) -> Host:
    ready.reset()
    return ready


def refused(site: Controller, words: str) -> str:
    """What is told, in one line, by a plan and by a run."""
    for option in ("--dry", "-y"):
        run = site.pyinfra("deploy.py", option, check=False)
        assert run.returncode != 0
        assert "Traceback" not in run.output
        told = " ".join(run.output.split())
        assert words in told, told
        assert told.count("Nothing was changed.") == 1
    return told


def test_another_supervisord_in_the_place_of_debians_is_named(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.enter("systemctl disable -q --now supervisor")
    host.write("/etc/supervisord.conf", SUPERVISORD)
    host.write("/etc/systemd/system/supervisord.service", UNIT)
    host.enter("systemctl start supervisord; until [ -S /run/supervisor.sock ]; do sleep 0.1; done")
    site = controller(host)
    told = refused(
        site, "/run/supervisor.sock belongs to a supervisord other than the distribution's: "
    )
    assert "of supervisord.service. " in told
    assert host.enter("ls /home").stdout.split() == ["admin", "deployer"]
    host.enter("systemctl stop supervisord")
    site.apply()
    assert get(host, "/health").status == 200
    assert site.plan() == []


def test_an_account_that_is_in_no_file_of_the_hosts_is_refused(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.enter("apt-get install -qy libnss-extrausers", timeout=180)
    host.enter("sed -i 's/^passwd:.*/passwd: files extrausers/' /etc/nsswitch.conf")
    host.enter("mkdir -p /var/lib/extrausers")
    line = "fooproject:x:70001:100::/home/fooproject:/bin/bash\n"
    host.write("/var/lib/extrausers/passwd", line)
    assert host.enter("getent passwd fooproject").stdout == line
    refused(
        controller(host), 'project = "fooproject": the account fooproject is not in /etc/passwd'
    )


def test_sudo_that_wants_a_terminal_says_what_to_change(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.write("/etc/sudoers.d/tty", "Defaults requiretty\n", mode=0o440)
    site = controller(host)
    site.user = "deployer"
    site.data["_sudo"] = True
    refused(site, "Defaults:deployer !requiretty.")
    host.write("/etc/sudoers.d/tty", "Defaults:deployer !requiretty\n", mode=0o440)
    assert site.plan()


def test_a_server_that_takes_files_alone_says_what_to_change(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.write("/etc/ssh/sshd_config.d/sftp.conf", "ForceCommand internal-sftp\n")
    host.enter("systemctl restart ssh")
    refused(controller(host), "its SSH lets root only transfer files: remove ForceCommand")
