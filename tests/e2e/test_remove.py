"""A project leaves: nothing of it is left but what is stated, and no neighbour notices."""

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest

from stack.commands import leaving
from stack.commands.system import create_user
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller, Run
from tests.e2e.fingerprint import Fingerprint, difference, fingerprint
from tests.e2e.http import get, post, wait_for
from tests.e2e.load import Visitors
from tests.e2e.test_sites import SETTINGS, SHOP
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab
from tests.unit.hosts import sample_target

pytestmark = pytest.mark.e2e

EVERYTHING = ("--data", "everything=True")
STATED = (
    r"package ",
    # What is kept: the user with what is his, and the logs.
    r"(user|group) fooproject:",
    r"path /etc/(passwd|group|gshadow|subuid|subgid):",
    r"path /home/fooproject(/shared(/.*)?|/\.(bashrc|profile|bash_logout))?:",
    r"path /var/log/fooproject(/.*)?:",
)
"""docs/server.md, "Leaving"."""


def remove(site: Controller, *words: str, check: bool = True) -> Run:
    return site.pyinfra("remove.py", "-y", "--json", *words, check=check)


def plan(site: Controller, *words: str) -> list[str]:
    return site.pyinfra("remove.py", "--dry", "--json", *words).planned


def removed_as_planned(site: Controller, *words: str) -> list[str]:
    """What a plan names, which is what the run does; and another has nothing to do."""
    planned = plan(site, *words)
    assert remove(site, *words).changed == planned
    assert plan(site, *words) == []
    return planned


@pytest.mark.long
def test_nothing_is_left_but_what_is_stated(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving")
    host.enter("DEBIAN_FRONTEND=noninteractive apt-get install -qq nftables > /dev/null")
    before = fingerprint(host)
    site = controller(host)
    site.data["programs"] = {"beat": "sleep 1000"}
    site.data["schedules"] = {"say": {"command": "true", "when": "hourly"}}
    site.data["firewall"] = True
    site.apply()
    assert removed_as_planned(site)[0] == "Nginx | Serve fooproject.se no longer"
    left = difference(before, fingerprint(host))
    assert [line for line in left if not any(re.match(one, line) for one in STATED)] == []
    assert "/home/fooproject/shared/data/db.sqlite3" in str(left)
    # He is in no group by which he would control anything.
    assert host.enter("id -Gn fooproject").stdout == "users fooproject\n"
    assert plan(site, *EVERYTHING) == [
        "User | Remove fooproject and its home",
        "Data | Remove logs and dumps",
    ]
    # It can come back, to what was kept, and to a group that goes with its user.
    site.data["user_group"] = "fooproject"
    site.apply()
    assert site.plan() == []
    host.enter("touch /home/fooproject/thesis", user="fooproject")
    told = site.pyinfra("remove.py", "--dry", *EVERYTHING).output
    assert re.search(r"Will be removed: .*~/thesis", told)
    assert removed_as_planned(site, *EVERYTHING)
    left = difference(before, fingerprint(host))
    assert [line for line in left if not line.startswith("package ")] == []
    host.power_off()


@pytest.fixture(scope="module")
def both(lab: Lab, deployed_web: Host) -> Iterator[Host]:
    """A host with one project, to which a second has come."""
    host = lab.host("two-leaving", layer=DEPLOYED)
    wait_for_site(host)
    yield host
    host.power_off()


@pytest.mark.long
def test_a_project_leaves_and_its_neighbours_visitors_notice_nothing(
    both: Host, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop, renamed = (
        Controller(tmp_path_factory.mktemp(name), lab, [both]) for name in ("shop", "renamed")
    )
    shop.data |= SETTINGS
    shop.apply()

    # What has all of the first project's but its name is taken for it.
    renamed.data |= {"project": "newname", "wsgi": "fooproject.wsgi"}
    told = renamed.pyinfra("deploy.py", "-y", check=False).output
    assert 'Keep project = "fooproject"; or have it leave first, with remove.py --data' in told
    for word, line in (
        ("everythin=True", "everythin = True: no such setting"),
        ("everything=perhaps", "expected --data everything=True, or nothing. Nothing was changed."),
    ):
        refused = remove(renamed, "--data", word, check=False)
        assert (refused.returncode, line in refused.output) == (1, True)

    by_its_old_name = ("--data", "project=fooproject")
    with Visitors(both, name=SHOP) as tally:
        # It is cut somewhere after its site is gone.
        process = renamed.start("-y", *by_its_old_name, entry="remove.py")
        is_served = "test -e /etc/supervisor/conf.d/fooproject.conf"
        wait_for("it is cut", lambda: both.enter(is_served, check=False).returncode, 120)
        process.kill()
        process.communicate()
        assert removed_as_planned(renamed, *by_its_old_name)
    assert tally.failed == []
    assert shop.plan() == []
    assert get(both, "/health", Host=SHOP).status == 200
    with pytest.raises(OSError, match="without response"):
        get(both, "/health", Host="fooproject.se")

    # With the last project what all share goes too.
    removed_as_planned(shop)
    verify = "dpkg --verify nginx-common supervisor | grep /etc || :"
    assert both.enter(verify).stdout == ""
    assert "Welcome to nginx" in get(both).text


def with_an_entry(site: Controller, host: Host, front: Host) -> list[Fingerprint]:
    """Deploy an app host with its database behind a balancer, and write something to it.

    Returns the fingerprints of both hosts before that.
    """
    # What PostgreSQL is without anybody who deploys.
    host.enter("DEBIAN_FRONTEND=noninteractive apt-get install -qy postgresql > /dev/null 2>&1")
    before = [fingerprint(host), fingerprint(front)]
    site.groups = {"lb": [front], "app": [host], "db": [host]}
    site.use_database()
    site.apply()
    entry = json.dumps({"token": "Edith", "text": "Edith"}).encode()
    assert post(front, "/api/entries", entry, Content_Type="application/json").status == 201
    return before


@pytest.mark.matrix
def test_the_last_dump_outlives_everything(lab: Lab, controller: Callable[..., Controller]) -> None:
    host, front = lab.host("leaving-db"), lab.host("leaving-lb")
    site = controller(host, front)
    before = with_an_entry(site, host, front)
    planned = sorted(plan(site))
    assert "Database | Let in nobody from elsewhere, and dump no more" in planned
    assert sorted(remove(site).changed) == planned
    assert plan(site) == []
    assert "127.0.0.1:5432" in host.enter("ss -Hltn").stdout
    psql = "cd /; runuser -u postgres -- psql -XAtqc 'SELECT text FROM guestbook_entry' fooproject"
    assert host.enter(psql).stdout == "Edith\n"
    # A balancer keeps nothing.
    left = difference(before[1], fingerprint(front))
    assert [line for line in left if not line.startswith("package ")] == []

    planned = plan(site, *EVERYTHING)
    done = remove(site, *EVERYTHING)
    assert done.changed == planned
    assert "Database | Write a last dump of fooproject, and drop it" in planned
    [dump] = re.findall(r"The last dump of the database fooproject: (\S+)", done.output)
    assert "Edith" in host.enter(f"pg_restore --file=- {dump}").stdout
    assert plan(site, *EVERYTHING) == []
    left = difference(before[0], fingerprint(host))
    place = dump.rpartition("/")[0]
    stated = ("package ", f"path {place}", "path /var/lib/postgresql/", "path /var/log/")
    assert [line for line in left if not line.startswith(stated)] == []
    for one in (host, front):
        one.power_off()


@pytest.mark.matrix
def test_a_host_gives_back_what_groups_of_former_days_have_put_there(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host, front = lab.host("had-database"), lab.host("was-lb")
    site = controller(host, front)
    before = with_an_entry(site, host, front)
    site.groups = {"app": [host], "db": [front]}
    stored = "is not in db, and still has the database fooproject, which is dumped every night: "
    balanced = "is not in lb, and still balances fooproject.se: put it back in lb, or, "
    told = site.pyinfra("deploy.py", "--dry", "--data", "new_database=True").output
    assert f"had-database {stored}" in told
    assert f"was-lb {balanced}" in told
    told = site.pyinfra("status.py").stdout
    assert f"    database {stored}" in told
    assert f"    balancer {balanced}" in told
    planned = plan(site, *EVERYTHING)
    assert "Database | Write a last dump of fooproject, and drop it" in planned
    assert "Database | Let in nobody from elsewhere, and dump no more" in planned
    done = remove(site, *EVERYTHING)
    assert sorted(done.changed) == sorted(planned)
    [dump] = re.findall(r"The last dump of the database fooproject: (\S+)", done.output)
    assert "Edith" in host.enter(f"pg_restore --file=- {dump}").stdout
    assert plan(site, *EVERYTHING) == []
    stated = ("package ", f"path {dump.rpartition('/')[0]}", "path /var/lib/postgresql/")
    for one, earlier in zip((host, front), before, strict=True):
        left = difference(earlier, fingerprint(one))
        assert [x for x in left if not x.startswith((*stated, "path /var/log/"))] == []
        one.power_off()


BY_HAND = """
DEBIAN_FRONTEND=noninteractive apt-get install -qy postgresql > /dev/null 2>&1
install -d -m 700 /var/backups/fooproject
cd /
runuser -u postgres -- createuser fooproject
runuser -u postgres -- createdb -O fooproject fooproject
"""


@pytest.mark.long
def test_a_postgresql_that_is_not_the_projects_stays_as_it_is(
    lab: Lab, deployed_web: Host, tmp_path_factory: pytest.TempPathFactory
) -> None:
    host = lab.host("leaving-by-hand", layer=DEPLOYED)
    wait_for_site(host)
    site, shop = (
        Controller(tmp_path_factory.mktemp(name), lab, [host]) for name in ("its", "shops")
    )
    host.enter(BY_HAND)
    assert not [one for one in plan(site, *EVERYTHING) if one.startswith("Database")]
    # Another project may have it: whoever has left dumps keeps nobody out.
    shop.data |= SETTINGS
    shop.groups = {"app": [host], "db": [host]}
    shop.use_database()
    shop.apply()
    tell = "cat /etc/postgresql/*/main/pg_hba.conf; systemctl show -P MainPID postgresql@*-main"
    before = host.enter(tell).stdout
    removed_as_planned(site, *EVERYTHING)
    assert host.enter(tell).stdout == before
    names = "cd /; runuser -u postgres -- psql -XAtqc 'SELECT datname FROM pg_database'"
    assert {"fooproject", "shop"} < set(host.enter(names).stdout.split())
    assert shop.plan() == []
    host.power_off()


@pytest.mark.long
def test_a_user_who_has_nothing_of_his_own_goes_and_the_plan_says_so(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-nothing", layer=DEPLOYED)
    wait_for_site(host)
    host.enter("rm -r /home/fooproject/shared/*")
    site = controller(host)
    assert "Will be removed: /home/fooproject\n" in site.pyinfra("remove.py", "--dry").output
    planned = removed_as_planned(site)
    assert "User | Remove fooproject and its home" in planned
    assert "User | Take fooproject's groups away" not in planned
    gone = "! id fooproject 2> /dev/null && ! test -e /home/fooproject"
    assert host.enter(gone, check=False).returncode == 0
    host.power_off()


@pytest.mark.long
def test_a_socket_in_his_home_keeps_no_user_there_and_the_plan_says_so(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-socket", layer=DEPLOYED)
    wait_for_site(host)
    site = controller(host)
    # As docs/sites.md has it.
    site.data["bind"] = "unix:/home/fooproject/gunicorn.sock"
    site.apply()
    host.enter("rm -r /home/fooproject/shared/*")
    planned = removed_as_planned(site)
    assert "User | Remove fooproject and its home" in planned
    gone = "! id fooproject 2> /dev/null && ! test -e /home/fooproject"
    assert host.enter(gone, check=False).returncode == 0
    host.power_off()


TRAPS = r"""
cd
ln -s /etc releases/evil
mv .virtualenvs own
ln -s /srv/somebodys .virtualenvs
rm -rf .local .cache shared
mkdir .local
ln -s /srv/somebodys .local/share
ln -s /srv/somebodys .cache
ln -s /srv/somebodys shared
touch 'x
o ../somebody' 'x
o releases/../../somebody' 'releases/x
o shared'
(setsid sh -c 'while :; do mkdir -p releases/new; ln -sfn /etc releases/1; done' > /dev/null 2>&1 &)
"""


@pytest.mark.long
@pytest.mark.threat(
    "project's user",
    "links, names with line ends, and processes in the home while root clears it",
    "the user tells what is there, and root takes of it only names of ours, from folders that are "
    "what their path says; he has no process when his home goes, and nothing follows a link",
)
def test_a_home_full_of_traps_takes_nothing_along(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-traps", layer=DEPLOYED)
    wait_for_site(host)
    host.enter("mkdir -p /srv/somebodys/virtualenv /srv/somebodys/pip /home/somebody")
    host.enter("touch /srv/somebodys/virtualenv/file /srv/somebodys/fooproject")
    somebodys = "find /srv/somebodys /home/somebody | sort; ls /etc | wc -l"
    host.enter(TRAPS, user="fooproject")
    site = controller(host)
    # Of a person who has the name that is taken for a project's, nothing goes.
    assert plan(site, "--data", "project=admin", *EVERYTHING) == []
    before = host.enter(somebodys).stdout.splitlines()
    remove(site)
    remove(site, *EVERYTHING)
    assert plan(site, *EVERYTHING) == []
    after = host.enter(somebodys).stdout.splitlines()
    assert before[:-1] == after[:-1]
    assert int(after[-1]) > 50
    assert host.enter("ls /home; pgrep -u fooproject || :", check=False).stdout.split() == [
        *("admin", "deployer", "somebody")
    ]
    host.power_off()


FORKS = """
import os, signal
while True:
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork() == 0:
        # Whatever ends this one is itself ended, if it may be.
        for _ in range(50):
            os.kill(-1, signal.SIGKILL)
        os._exit(0)
"""
SETUID = "cp /bin/sh /var/tmp/kept && chmod 4755 /var/tmp/kept"


@pytest.mark.long
@pytest.mark.threat(
    "project's user",
    "outlive his removal in a process that forks on and on, and in a setuid file elsewhere",
    "all of his processes are ended in one call of the kernel's, or nothing is removed; a number "
    "of which files are left is no other project's",
)
def test_whoever_forks_does_not_outlive_his_account(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-forks", layer=DEPLOYED)
    wait_for_site(host)
    site = controller(host)
    number = host.enter("id -u fooproject").stdout.strip()
    host.enter("touch ~/shared/thesis", user="fooproject")
    host.write("/srv/forks.py", FORKS)
    starts = "setsid python3 -I /srv/forks.py > /dev/null 2>&1 &"
    processes = f"cat /proc/[0-9]*/status 2> /dev/null | grep -c '^Uid:.*\\b{number}\\b' || :"

    # Who stays has no process that was started when he had his groups.
    host.enter(starts, user="fooproject")
    assert host.enter(processes).stdout != "0\n"
    remove(site)
    assert host.enter(f"id -u fooproject; {processes}").stdout == f"{number}\n0\n"

    host.enter(f"{SETUID}; {starts}", user="fooproject")
    told = remove(site, *EVERYTHING).output
    assert "Files of fooproject are left, such as /var/tmp/kept" in told
    assert host.enter(processes).stdout == "0\n"
    assert host.enter("id fooproject", check=False).returncode == 1
    assert plan(site, *EVERYTHING) == []
    host.enter(create_user(sample_target(project="shop"), [], "").get_raw_value())
    assert host.enter("id -u shop").stdout.strip() != number
    host.power_off()


@pytest.mark.long
@pytest.mark.threat(
    "project's user",
    "outlive his removal in a setuid file with a number that he has for containers",
    "those of which files are left stay taken in `/etc/subuid` and `/etc/subgid`",
)
def test_no_other_account_gets_numbers_of_which_files_are_left(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-subids", layer=DEPLOYED)
    wait_for_site(host)
    site = controller(host)
    lines = "grep -h '^fooproject' /etc/subuid /etc/subgid || :"
    # As where uidmap is installed; useradd writes them where the files are.
    host.enter("touch /etc/subuid /etc/subgid; sed -i /^fooproject:/d /etc/subuid /etc/subgid")
    host.enter("usermod --add-subuids 300000-365535 --add-subgids 300000-365535 fooproject")
    host.enter("install -m 4755 -o 300007 -g 0 /bin/sh /var/tmp/kept")
    told = remove(site, *EVERYTHING).output
    assert "Files of fooproject are left, such as /var/tmp/kept" in told
    assert host.enter(lines).stdout == "fooproject.gone:300000:65536\n" * 2
    host.enter("SUBS='-K SUB_UID_MIN=300000 -K SUB_GID_MIN=300000'; useradd $SUBS other")
    assert host.enter("grep ^other: /etc/subuid").stdout == "other:365536:65536\n"
    assert plan(site, *EVERYTHING) == []
    host.power_off()


IN_MEMORY = """
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
secret = libc.shmget(4242, 4096, 0o1600)
ctypes.memmove(libc.shmat(secret, None, 0), b"secret", 6)
assert min(secret, libc.msgget(4243, 0o1600), libc.semget(4244, 1, 0o1600)) >= 0
assert libc.mq_open(b"/messages", 0o102, 0o600, None) >= 0
"""
ATTACHED = """
import ctypes, time
libc = ctypes.CDLL(None)
with open("/proc/sysvipc/shm") as table:
    segments = [int(line.split()[1]) for line in list(table)[1:]]
assert [libc.shmat(one, None, 0) for one in segments]
time.sleep(1000)
"""
MEMORY = "tail -qn +2 /proc/sysvipc/*; find /dev/shm /dev/mqueue -mindepth 1"
JOURNAL = "journalctl -q --no-pager -t leaving -o cat"


@pytest.mark.long
@pytest.mark.threat(
    "another project's user",
    "read what the project before has left in memory, or what the system has logged of it, by the "
    "number that both get",
    "shared memory, messages and semaphores of a number go with its user, and so does its right to "
    "read the journal; where anything is left, the number is no other project's",
)
def test_the_next_of_a_number_reads_nothing_in_memory_or_in_the_journal(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-memory", layer=DEPLOYED)
    wait_for_site(host)
    site = controller(host)
    number = host.enter("id -u fooproject").stdout
    host.write("/srv/memory.py", IN_MEMORY)
    host.enter(
        "python3 -I /srv/memory.py; echo secret > /dev/shm/file; logger -t leaving secret",
        user="fooproject",
    )
    host.enter("su admin -s /bin/sh -c 'ipcmk -M 4096; echo > /dev/shm/admins'; journalctl --sync")
    assert len(host.enter(MEMORY).stdout.splitlines()) == 7
    assert host.enter(JOURNAL, user="fooproject").stdout == "secret\n"
    assert "are left" not in remove(site, *EVERYTHING).output
    # A neighbour's stays.
    left = host.enter(f"{MEMORY}; ls /var/lib/django-stack-numbers", check=False).stdout
    assert [line.split()[-1] for line in left.splitlines()][1:] == ["/dev/shm/admins"]
    assert plan(site, *EVERYTHING) == []

    host.enter(create_user(sample_target(project="shop"), [], "").get_raw_value())
    assert host.enter("id -u shop").stdout == number
    host.enter("logger -t leaving own", user="shop")
    host.enter("journalctl --sync")
    assert host.enter(JOURNAL, user="shop").stdout == "own\n"
    # Of the system's logs, nothing is lost.
    assert host.enter(JOURNAL).stdout == "secret\nown\n"

    # What another is attached to stays until that one has ended, and so the number does.
    host.write("/srv/attached.py", ATTACHED)
    host.enter("ipcmk -M 4096 -p 0666", user="shop")
    host.enter("systemd-run -q --unit=attached -p User=admin python3 -I /srv/attached.py")
    attached = "awk -v n=$(id -u shop) '$7 == 1 && $8 == n' /proc/sysvipc/shm"
    wait_for("a neighbour is attached", lambda: bool(host.enter(attached).stdout))
    leaves = leaving.user(sample_target(project="shop").layout, with_home=True, besides=())
    assert "such as what ipcs -m shows as" in host.enter(leaves.get_raw_value()).stdout
    assert host.enter("cut -d ' ' -f 1 /var/lib/django-stack-numbers").stdout == number
    host.power_off()


ASKS_MUCH = """
import http.client, socket, time
class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/run/supervisor.sock")
name = "<struct><member><name>methodName</name><value>supervisor.getAllConfigInfo</value></member>"
name += "<member><name>params</name><value><array><data/></array></value></member></struct>"
many = "<value>" + name + "</value>"
body = "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>"
body += many * 50000 + "</data></array></value></param></params></methodCall>"
while True:
    try:
        print("asks", flush=True)
        Connection("localhost").request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
        time.sleep(1)
    except OSError:
        print("refused", flush=True)
        time.sleep(1)
"""


@pytest.mark.long
@pytest.mark.threat(
    "project's user",
    "keep supervisord busy with one question after the other, each of which takes seconds, for "
    "his removal to wait for",
    "its socket is closed to him and his connections are ended before anything is asked; nothing "
    "asks it without a limit",
)
def test_whoever_keeps_supervisord_busy_does_not_hold_up_his_removal(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-busy", layer=DEPLOYED)
    wait_for_site(host)
    site = controller(host)
    host.write("/srv/asks.py", ASKS_MUCH)
    several = "for _ in 1 2 3; do python3 -I /srv/asks.py & done; wait"
    host.enter(f"systemd-run -q --unit=asks -p User=fooproject sh -c '{several}'")
    ask = "timeout 2 supervisorctl pid"
    wait_for("it is busy", lambda: host.enter(ask, check=False).returncode == 124)
    began = time.monotonic()
    remove(site, *EVERYTHING)
    assert time.monotonic() - began < 60
    assert plan(site, *EVERYTHING) == []
    host.power_off()


CLOSED = """
umask 077
cd /home/fooproject
mkdir fooproject/src/exports
echo kept > fooproject/src/exports/a.txt
rm -r shared/*
mkdir shared/backups
echo kept > shared/backups/dump.sql
"""
"""What root makes, as he deploys in a shell of his own, and the project's user cannot see."""


@pytest.mark.long
def test_what_the_user_cannot_look_into_is_not_lost(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving-closed", layer=DEPLOYED)
    wait_for_site(host)
    host.enter(CLOSED)
    site = controller(host)
    (site.project() / "changed.txt").touch()
    told = site.pyinfra("deploy.py", "--dry").output
    assert "has written files that the next would not have: exports" in told
    told = remove(site).output
    assert "stays, as it has written files of its own: exports" in told
    kept = "cat /home/fooproject/releases/*/src/exports/a.txt /home/fooproject/shared/backups/*"
    assert host.enter(kept).stdout == "kept\nkept\n"
    assert plan(site) == []
    # A home that he cannot list is not an empty one.
    host.enter("chown root /home/fooproject")
    assert plan(site) == []
    host.power_off()
