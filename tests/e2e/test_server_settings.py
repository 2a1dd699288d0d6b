"""What a project may ask of its server as a whole: updates and swap."""

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


KERNEL = {
    # A container has no swap of its own: so these say what a machine would.
    "systemd-detect-virt": "echo none; exit 1",
    "swapon": (
        'grep -q "^$1 " /run/swaps && exit\n'
        '[ ! -e /run/no-swap ] || { echo "swapon: $1: Invalid argument" >&2; exit 255; }\n'
        'echo "$1 file $(($(stat -c %s "$1") / 1024 - 4)) $(cat /run/used) -2" >> /run/swaps'
    ),
    "swapoff": ('grep -v "^$1 " /run/swaps > /run/swaps.new; cat /run/swaps.new > /run/swaps'),
    "systemctl": (
        'case "$*" in "start var-swap-"*) exec swapon /var/swap/django_stack ;; esac\n'
        'exec /usr/bin/systemctl "$@"'
    ),
}


def test_swap_of_a_size(server: Host, controller: Callable[..., Controller]) -> None:
    site = controller(server)
    site.data["swap"] = "64M"
    for words in ("--dry", "-y"):
        told = site.pyinfra("deploy.py", words, check=False)
        assert 'swap = "64M": is a container (systemd-nspawn)' in told.output
        assert "Nothing was changed." in told.output
    assert server.enter("ls -d /var/swap", check=False).stdout == ""

    for name, text in KERNEL.items():
        server.write(f"/usr/local/sbin/{name}", f"#!/bin/sh\n{text}\n", 0o755)
    server.enter(
        "echo 0 > /run/used; echo Filename > /run/swaps; mount --bind /run/swaps /proc/swaps"
    )
    have = "Server | Have 64M of swap"
    assert changes(site) == [RECORD, have]
    look = "stat -c '%s %a' /var/swap/django_stack; tail -n 1 /proc/swaps"
    entry = "/var/swap/django_stack file {} 0 -2\n"
    assert server.enter(look).stdout == f"{64 * 2**20} 600\n{entry.format(64 * 1024 - 4)}"
    server.enter("systemctl is-enabled var-swap-django_stack.swap")
    for harm in (
        "swapoff /var/swap/django_stack; rm /etc/systemd/system/var-swap-django_stack.swap",
        "chmod 644 /var/swap/django_stack; systemctl disable -q var-swap-django_stack.swap",
    ):
        server.enter(harm)
        assert changes(site) == [have]

    # What is swapped out has to have room in memory.
    site.data["swap"] = "32M"
    use = "sed 's/ [0-9]* -2$/ {} -2/' /run/swaps > /run/new; cat /run/new > /run/swaps"
    server.enter(use.format(999999999))
    told = site.apply(check=False)
    assert "976562 MB are swapped out to /var/swap/django_stack, and" in told.output
    assert server.enter("stat -c %s /var/swap/django_stack").stdout == f"{64 * 2**20}\n"
    server.enter(use.format(0))
    # The record has been written, and nothing else.
    assert changes(site) == ["Server | Have 32M of swap"]
    assert site.plan() == []
    assert server.enter("tail -n 1 /proc/swaps").stdout == entry.format(32 * 1024 - 4)

    server.enter("touch /run/no-swap; swapoff /var/swap/django_stack")
    told = site.apply(check=False)
    assert "swapon: /var/swap/django_stack: Invalid argument" in told.output
    assert server.enter("ls /var/swap").stdout == ""
    server.enter("rm /run/no-swap")
    site.data["swap"] = "9000G"
    told = site.apply(check=False)
    assert "There is no room for the swap file" in told.output
    site.data["swap"] = "16M"
    site.apply()

    server.write(NEIGHBOUR, json.dumps({"user": "shop", "swap": "16M"}))
    site.data["swap"] = "32M"
    told = site.pyinfra("deploy.py", "--dry", check=False)
    assert 'swap = "32M": shop on this host has "16M"' in told.output
    site.data["swap"] = ""
    assert changes(site) == [FORGET]
    server.enter("rm -r /usr/local/lib/shop")
    assert changes(site) == ["Server | Have no swap file"]
    assert (
        server.enter("tail -n 1 /proc/swaps; ls -d /var/swap", check=False).stdout == "Filename\n"
    )
    server.enter(f"umount /proc/swaps; cd /usr/local/sbin && rm {' '.join(KERNEL)}")
    assert site.plan() == []
