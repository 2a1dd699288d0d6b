"""What a project may ask of its server as a whole: updates, swap and a firewall."""

import json
import re
import select
import socket
import subprocess
import threading
from collections.abc import Callable

import pytest

from stack.commands import firewall as commands
from stack.project import firewall
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.e2e.load import Visitors
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

UPDATES = "Server | Install security updates every day"
RECORD = "Server | Write down what is asked of it"
FORGET = "Server | Ask nothing of it any more"
NEIGHBOUR = "/usr/local/lib/shop/server.json"


@pytest.fixture(scope="module")
def server(lab: Lab, deployed_web: Host) -> Host:
    host = lab.host("asked", layer=DEPLOYED)
    wait_for_site(host)
    return host


def changes(site: Controller) -> list[str]:
    """What of this a run has changed, as its plan said."""
    planned = site.plan()
    assert site.apply().changed == planned
    return [name for name in planned if name.startswith(("Server |", "Firewall |"))]


def mended(site: Controller) -> list[str]:
    """The same, without a plan of it."""
    ours = ("Server |", "Firewall |")
    return [name for name in site.apply().changed if name.startswith(ours)]


def can_connect(host: Host, port: int) -> bool:
    """Whether this machine may open a connection."""
    try:
        socket.create_connection((host.address, port), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.mark.long
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
    wait_for_site(server)
    assert site.plan() == []

    # needrestart has nothing to ask, and restarts nothing that visitors are served by.
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends"
    server.enter(f"{install} needrestart > /dev/null 2>&1")
    server.enter("systemctl stop apt-daily.timer; rm /etc/apt/apt.conf.d/60django-stack")
    assert changes(site) == [UPDATES]
    served = "systemctl show -p MainPID nginx supervisor"
    pids = server.enter(served).stdout
    told = server.enter("needrestart -v -r a 2>&1 < /dev/null").stdout
    assert "eval /etc/needrestart/conf.d/django-stack.conf" in told
    assert server.enter(served).stdout == pids

    # Another project of the server asks for it too.
    server.write(NEIGHBOUR, json.dumps({"user": "shop", "automatic_updates": True}))
    site.data["automatic_updates"] = False
    assert mended(site) == [FORGET]
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


@pytest.mark.long
def test_swap_of_a_size(server: Host, controller: Callable[..., Controller]) -> None:
    site = controller(server)
    site.data["swap"] = "64M"
    told = site.apply(check=False)
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
        assert mended(site) == [have]

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

    site.data["swap"] = "9000G"
    told = site.apply(check=False)
    assert "There is no room for the swap file" in told.output
    assert server.enter("tail -n 1 /proc/swaps").stdout == entry.format(32 * 1024 - 4)
    site.data["swap"] = "32M"
    site.apply()

    server.enter("touch /run/no-swap; swapoff /var/swap/django_stack")
    told = site.apply(check=False)
    assert "swapon: /var/swap/django_stack: Invalid argument" in told.output
    assert server.enter("ls /var/swap").stdout == ""
    server.enter("rm /run/no-swap")

    site.data["swap"] = ""
    assert changes(site) == [FORGET, "Server | Have no swap file"]
    assert (
        server.enter("tail -n 1 /proc/swaps; ls -d /var/swap", check=False).stdout == "Filename\n"
    )
    server.enter(f"umount /proc/swaps; cd /usr/local/sbin && rm {' '.join(KERNEL)}")
    assert site.plan() == []


FIREWALL = "Firewall | Let in nobody but to SSH and what is served"
OPEN_9000 = "systemd-run -q --unit=open-9000 python3 -m http.server 9000"
LIST = "nft list table inet django_stack 2>/dev/null"
OTHER_SSHD = "mkdir -p /run/sshd && /usr/sbin/sshd -p 2222"


def is_let_in(host: Host) -> bool:
    """Whether SSH takes a new connection."""
    return subprocess.run([*host.ssh_argv(), "true"], capture_output=True).returncode == 0


@pytest.mark.long
@pytest.mark.threat(
    "visitor",
    "reach a port of the server's that is not for visitors; lock its person out by the firewall",
    "`firewall`: what is not served is dropped, and rules that no new SSH connection has come in "
    "over are taken back",
)
def test_nobody_comes_in_but_to_ssh_and_the_site(
    server: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(server)
    server.enter(OPEN_9000)
    wait_for("it is open", lambda: can_connect(server, 9000))
    # Rules of somebody else's stay.
    server.write("/etc/nftables.conf", "flush ruleset\ntable ip persons {\nchain own {\n}\n}\n")
    site.data["firewall"] = True

    planned = site.pyinfra("deploy.py", "--dry").output
    assert "Something listens on 9000, where no connection will be accepted" in planned
    # By way of an sshd that is not the server's own, a person would be locked out.
    server.enter(OTHER_SSHD)
    site.data |= {"ssh_port": 2222, "ssh_strict_host_key_checking": "no"}
    told = site.apply(check=False)
    assert told.returncode != 0
    assert "accepts no new SSH connection with it" in told.output
    assert "The ports of its sshd are 22: connect to one of them" in told.output
    assert server.enter(LIST, check=False).stdout == ""
    assert server.enter("ls /etc/django-stack", check=False).stdout == ""
    assert can_connect(server, 2222)
    del site.data["ssh_port"], site.data["ssh_strict_host_key_checking"]

    with Visitors(server) as tally:
        assert changes(site) == [FIREWALL]
    assert tally.failed == []
    assert (can_connect(server, 9000), can_connect(server, 2222)) == (False, False)
    assert (can_connect(server, 80), is_let_in(server)) == (True, True)
    assert (
        server.enter(
            "curl -s -o /dev/null http://127.0.0.1:9000/ || python3 -c 'import socket; "
            'socket.create_connection(("127.0.0.1", 9000))\''
        ).returncode
        == 0
    )

    # Whatever is done to the live rules is seen.
    for harm in (
        "nft add rule inet django_stack projects tcp dport 9000 accept",
        "nft flush ruleset; systemctl disable -q django-stack-firewall",
        "rm /etc/django-stack/firewall.d/fooproject.nft",
    ):
        server.enter(harm)
        status = site.pyinfra("status.py", check=False).stdout
        assert ("    firewall is not there: everybody" in status) == ("flush" in harm)
        assert ("    firewall its live rules are not" in status) == ("flush" not in harm)
        assert mended(site) == [FIREWALL]
    # And Debian's own service takes nothing away.
    server.enter("systemctl enable -q --now nftables; systemctl reload nftables")
    server.enter("systemctl restart nftables")
    assert "persons" in server.enter("nft list tables").stdout
    assert site.plan() == []
    server.reboot()
    server.enter(OPEN_9000)
    wait_for("it listens", lambda: ":9000 " in server.enter("ss -Hltn").stdout)
    assert (can_connect(server, 9000), can_connect(server, 80)) == (False, True)
    wait_for_site(server)
    assert site.plan() == []

    # Rules that nobody has come to prove, since the power or the network is gone, say.
    tried = commands.try_out([firewall.table([2222])], seconds=15)
    run = tried.get_raw_value()
    stdin = tried.connector_arguments["_stdin"]
    assert isinstance(stdin, str)
    subprocess.run([*server.ssh_argv(), run], input=stdin, text=True, check=True)
    assert not can_connect(server, 22)
    wait_for("they are taken back", lambda: is_let_in(server))
    assert site.plan() == []


@pytest.mark.long
@pytest.mark.threat(
    "project's user",
    "have the firewall let others in to a port of his, by a process that looks like sshd",
    "`firewall`: sshd's ports are those of its own process's sockets, as the kernel tells them",
)
def test_a_process_that_looks_like_sshd_opens_no_port(
    server: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(server)
    site.data["firewall"] = True
    pid = server.enter("systemctl show -p MainPID --value ssh").stdout.strip()
    listen = (
        f"open('/proc/self/comm', 'w').write('sshd\\\",pid={pid},'); import socket, time; "
        "its = socket.create_server(('0.0.0.0', 9001)); time.sleep(600)"
    )
    server.enter(f'setsid python3 -c "{listen}" > /dev/null 2>&1 < /dev/null &', user="fooproject")
    look = f"ss -ltnp | grep 9001 | grep '\"sshd\",pid={pid},'"
    wait_for("it looks so", lambda: server.enter(look, check=False).stdout)
    assert site.plan() == []


@pytest.mark.long
@pytest.mark.threat(
    "visitor",
    "a port that is closed, at the moment at which the firewall's rules are replaced by others",
    "`firewall`: all rules go and come in one transaction of the kernel's",
)
def test_no_moment_is_without_rules(server: Host, controller: Callable[..., Controller]) -> None:
    site = controller(server)
    server.enter(f"systemctl is-active -q open-9000 || {OPEN_9000}")
    site.data["firewall"] = True
    site.apply()
    assert not can_connect(server, 9000)
    reload = "for i in $(seq 150); do nft -f /etc/django-stack/firewall.nft; done; echo done"
    let_in, ended = 0, threading.Event()

    def replace() -> None:
        server.enter(reload)
        ended.set()

    replacing = threading.Thread(target=replace)
    replacing.start()
    while not ended.is_set():
        # None is answered: so many are under way at once, and none is waited for.
        tried = [socket.socket() for _ in range(50)]
        for one in tried:
            one.setblocking(False)
            one.connect_ex((server.address, 9000))
        let_in += len(select.select([], tried, [], 0.05)[1])
        for one in tried:
            one.close()
    replacing.join()
    assert let_in == 0


@pytest.mark.long
def test_whom_ufw_keeps_out_is_said(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("shut", layer=DEPLOYED)
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends"
    host.enter(f"{install} ufw > /dev/null 2>&1; ufw allow ssh; ufw --force enable", timeout=120)
    site = controller(host)
    assert not can_connect(host, 80)
    told = "ufw keeps out who is expected; run ufw allow 80/tcp"
    assert told in site.pyinfra("deploy.py", "--dry").output
    assert re.search(r"ufw +keeps out", site.pyinfra("status.py").stdout)
    host.enter(told.partition("run ")[2])
    wait_for("visitors come in", lambda: can_connect(host, 80))
    assert "ufw" not in site.pyinfra("deploy.py", "--dry").output
    assert "ufw" not in site.pyinfra("status.py").stdout
    host.enter("ufw delete allow 80/tcp; ufw allow 'Nginx Full'; ufw allow 9000:9100/tcp")
    assert "ufw" not in site.pyinfra("deploy.py", "--dry").output
    host.power_off()


@pytest.mark.long
def test_projects_share_a_firewall(server: Host, controller: Callable[..., Controller]) -> None:
    site = controller(server)
    server.enter(f"systemctl is-active -q open-9000 || {OPEN_9000}")
    site.data["firewall"] = True
    site.apply()
    server.enter("nft add table inet persons-own")
    record = {"user": "shop", "site_file": "/etc/nginx/sites-available/shop", "tls": True}
    server.write("/usr/local/lib/shop/switch.json", json.dumps(record))
    assert changes(site) == [FIREWALL]
    assert "tcp dport 443 accept" in server.enter(LIST).stdout

    # What is asked by the other one alone has our visitors in it.
    server.write(NEIGHBOUR, json.dumps({"user": "shop", "firewall": True}))
    site.data["firewall"] = False
    assert mended(site) == [FORGET]
    assert (can_connect(server, 80), can_connect(server, 9000)) == (True, False)
    server.enter("rm /usr/local/lib/shop/server.json")
    assert mended(site) == ["Firewall | Let in everybody"]
    server.enter("rm -r /usr/local/lib/shop")
    assert server.enter(LIST, check=False).stdout == ""
    assert server.enter("ls -d /etc/django-stack", check=False).stdout == ""
    assert "persons-own" in server.enter("nft list tables").stdout
    assert can_connect(server, 9000)
    site.apply()
    assert site.plan() == []


@pytest.mark.matrix
def test_behind_a_balancer_that_alone_comes_to_an_app_host(
    server: Host, lab: Lab, controller: Callable[..., Controller]
) -> None:
    front = lab.host("asked-front")
    site = controller(server, front)
    site.groups = {"app": [server], "lb": [front], "db": [front]}
    env = {"SECRET_KEY": "a secret for tests alone", "DATABASE_URL": "sqlite:///data/db.sqlite3"}
    site.data |= {"firewall": True, "database_password": "x", "env": env}
    assert changes(site) == [RECORD, FIREWALL]
    assert get(front, "/health").status == 200
    assert [can_connect(server, port) for port in (80, 22)] == [False, True]
    assert [can_connect(front, port) for port in (80, 22, 5432)] == [True, True, False]
    ask = "import socket; socket.create_connection(('{}', {}), 2)"
    server.enter(f'python3 -c "{ask.format(front.address, 5432)}"')

    # Who is not expected any more is let in until the end of a run.
    rules = "/etc/django-stack/firewall.d/fooproject.nft"
    more = "add rule inet django_stack projects ip saddr 192.0.2.7 tcp dport 80 accept"
    server.enter(f"echo '{more}' >> {rules}; systemctl reload django-stack-firewall")
    assert changes(site) == ["Firewall | Remove former clients' rules"]
    assert "192.0.2.7" not in server.enter(LIST).stdout
    assert site.plan() == []
    front.power_off()
