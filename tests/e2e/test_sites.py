"""Several projects on one server: none costs another a request, or touches what is its own."""

import json
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.certificates import Issuer
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller, Run
from tests.e2e.http import Secure, get, over_ipv6, wait_for
from tests.e2e.load import Visitors
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

SHOP = "shop.example"
SETTINGS = {
    "project": "shop",
    "wsgi": "fooproject.wsgi",
    "program": "shop",
    "server_name": SHOP,
    "bind": "127.0.0.1:8001",
    "default_server": False,
    "env": {"SECRET_KEY": "the secret of the shop", "ALLOWED_HOSTS": f"{SHOP},other.example"},
}


HOLDS = """
import http.client, os, socket, time, xmlrpc.client

class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/run/supervisor.sock")

class Transport(xmlrpc.client.Transport):
    held = None
    def make_connection(self, host):
        self.held = self.held or Connection("none")
        if self.held.sock is None and os.path.exists("/tmp/asked"):
            raise SystemExit("ended")
        return self.held

def ask(proxy):
    try:
        return proxy.supervisor.getState()["statename"]
    except (OSError, SystemExit, http.client.HTTPException):
        return "ended"

def tell(path):
    with open(path + ".new", "w") as file:
        file.write(" ".join(map(ask, proxies)))
    os.rename(path + ".new", path)

transports = [Transport(), Transport()]
proxies = [xmlrpc.client.ServerProxy("http://none", one) for one in transports]
tell("/tmp/asked")
# One in his hand, and one under way in a socket of his, where no process has it open.
ends = socket.socketpair()
socket.send_fds(ends[0], [b"x"], [transports[1].held.sock.fileno()])
transports[1].held.sock.close()
while not os.path.exists("/run/look"):
    time.sleep(0.1)
number, = socket.recv_fds(ends[1], 1, 1)[1]
transports[1].held.sock = socket.socket(fileno=number)
tell("/tmp/asked-again")
time.sleep(1000)
"""
"""A project's user who asks supervisord by connections that he has, and by no others."""


def holds(host: Host, name: str) -> list[str]:
    """What he has been told by each of his connections."""
    return host.enter(f"cat /tmp/{name} 2> /dev/null || :").stdout.split()


@pytest.fixture(scope="module")
def both(lab: Lab, deployed_web: Host, shop_folder: Path) -> Iterator[Host]:
    """A host with one project, to which a second has come."""
    host = lab.host("two-sites", layer=DEPLOYED)
    wait_for_site(host)
    host.write("/run/holds.py", HOLDS)
    host.enter("systemd-run -q -u holds --uid=fooproject python3 /run/holds.py")
    wait_for("he has connections", lambda: holds(host, "asked") == ["RUNNING", "RUNNING"])
    shop = of_shop(Controller(shop_folder, lab, [host]))
    planned = shop.plan()
    with Visitors(host) as tally:
        run = shop.apply()
    changed = run.changed
    assert planned == changed
    told = "Ended 2 connections to supervisord that fooproject had: its socket is root's now."
    assert told in run.output
    assert (tally.failed, shop.plan()) == ([], [])
    yield host
    host.power_off()


def of_shop(controller: Controller) -> Controller:
    controller.data |= SETTINGS
    return controller


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.fixture(scope="module")
def first(both: Host, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Controller:
    """Who deploys the project that was there before; as the tests before have left it."""
    return Controller(tmp_path_factory.mktemp("first"), lab, [both])


@pytest.fixture(scope="module")
def shop(both: Host, lab: Lab, shop_folder: Path) -> Controller:
    """Who deploys the other."""
    return of_shop(Controller(shop_folder, lab, [both]))


def at_once(*runs: Callable[[], Run]) -> list[Run]:
    """Runs that begin at the same time."""
    done: list[Run] = []
    threads = [threading.Thread(target=lambda run=run: done.append(run())) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_a_second_project_leaves_the_first_as_declared(
    both: Host, first: Controller, shop: Controller, lab: Lab
) -> None:
    assert (first.plan(), shop.plan()) == ([], [])
    for host in (both, over_ipv6(both, lab)):
        assert get(host, "/health").status == 200
        assert get(host, "/health", Host=SHOP).status == 200
        # For a name that nobody has, the first one answers: Django does not know it.
        assert get(host, "/health", Host="nobodys.example").status == 400


def test_status_tells_of_one_project_and_names_the_others(first: Controller) -> None:
    told = first.pyinfra("status.py", check=False)
    assert f"beside   shop ({SHOP})" in told.stdout
    found = json.loads(first.pyinfra("status.py", "--dry", "--json", check=False).stdout)
    [state] = found["hosts"].values()
    assert (state["beside"], state["drift"]) == ({"shop": [SHOP]}, [])


def test_what_is_another_projects_is_refused_with_its_name(
    both: Host, lab: Lab, tmp_path: Path
) -> None:
    third = of_shop(Controller(tmp_path, lab, [both]))
    before = both.enter("ls -lR --time-style=full-iso /etc /usr/local/lib | sha256sum").stdout
    third.data |= {
        "project": "third",
        "program": "django",
        "default_server": True,
        "server_name": ["fooproject.se", f".{SHOP}"],
        "programs": {"shop": "sleep 1"},
    }
    for words in (["--dry"], ["-y"]):
        told = third.pyinfra("deploy.py", *words, check=False)
        assert told.returncode != 0
        for line in (
            "default_server: fooproject is the default site on this host; set "
            "default_server = False.",
            'server_name "fooproject.se" belongs to fooproject on this host',
            f'server_name ".{SHOP}" belongs to shop on this host, as "{SHOP}"; take it out of',
            'bind = "127.0.0.1:8001" belongs to shop on this host; set bind to another port.',
            'program = "django" belongs to fooproject on this host',
            'programs["shop"] belongs to shop on this host',
            "Nothing was changed.",
        ):
            assert line in told.output
    after = both.enter("ls -lR --time-style=full-iso /etc /usr/local/lib | sha256sum").stdout
    assert before == after


@pytest.mark.long
def test_two_releases_at_once_lose_nothing(both: Host, first: Controller, shop: Controller) -> None:
    for controller in (first, shop):
        (controller.project() / "note.txt").write_text("another release")
    with Visitors(both) as ours, Visitors(both, name=SHOP) as theirs:
        runs = at_once(first.apply, shop.apply)
    assert [run.returncode for run in runs] == [0, 0]
    assert (ours.failed, theirs.failed) == ([], [])
    assert (len(ours.releases), len(theirs.releases)) == (2, 2)
    assert (first.plan(), shop.plan()) == ([], [])


def test_a_project_that_moves_or_breaks_is_nothing_to_the_other(
    both: Host, shop: Controller
) -> None:
    with Visitors(both) as tally:
        shop.data["server_name"] = "other.example"
        shop.apply()
        assert get(both, "/health", Host="other.example").status == 200
        (shop.project() / "fooproject" / "wsgi.py").write_text("raise ImportError('broken')\n")
        assert shop.apply(check=False).returncode != 0
        both.enter("supervisorctl stop shop")
        assert get(both, "/health", Host="other.example").status == 502
        both.enter("supervisorctl start shop")
        shop.data |= {"server_name": SHOP, "source": "tests/project"}
        shop.apply()
    assert tally.failed == []
    assert shop.plan() == []


def test_programs_whose_files_look_alike_stay(both: Host, first: Controller) -> None:
    # As those of a project fooproject-bar would be.
    both.enter("mkdir -p /usr/local/lib/fooproject-bar")
    record = {"user": "fooproject-bar", "program": "bar", "bind": "127.0.0.1:8009"}
    both.write("/usr/local/lib/fooproject-bar/switch.json", json.dumps(record))
    for name in ("fooproject-bar", "fooproject-bar-worker"):
        both.write(
            f"/etc/supervisor/conf.d/{name}.conf", f"[program:{name}]\ncommand=/bin/sleep 9\n"
        )
    assert first.plan() == []
    both.enter("rm -r /usr/local/lib/fooproject-bar /etc/supervisor/conf.d/fooproject-bar*")


KNOCKS = """
import os, socket, time
until = time.monotonic() + 60
while time.monotonic() < until and not os.path.exists("/run/enough"):
    try:
        socket.socket(socket.AF_UNIX).connect("/run/supervisor.sock")
    except OSError:
        time.sleep(0.001)
    else:
        print("yes")
        break
else:
    print("no")
"""


def connected_while(host: Host, command: str) -> str:
    """Whether a project's user gets through to supervisord while it makes its socket anew."""
    told: list[str] = []
    knocks = f"python3 -c {shlex.quote(KNOCKS)}"
    host.enter("rm -f /run/enough")
    thread = threading.Thread(
        target=lambda: told.append(host.enter(knocks, user="fooproject").stdout)
    )
    thread.start()
    try:
        before = host.enter("stat -c %i%Z /run/supervisor.sock").stdout
        host.enter(command)
        wait_for(
            "its socket is another",
            lambda: (
                host.enter("stat -c %i%Z /run/supervisor.sock", check=False).stdout
                not in ("", before)
            ),
        )
        wait_for_site(host)
        # Earlier versions looked for it each half a second, and closed it then.
        time.sleep(1)
    finally:
        host.enter("touch /run/enough")
        thread.join()
    return told[0]


@pytest.mark.threat(
    "another project's user",
    "stop another project's programs, read its environment, data or logs, write to its files",
    "supervisord's socket is root's where several projects share a server, from the moment at "
    "which it is made; what was connected before is ended",
)
def test_one_projects_user_touches_nothing_of_another(both: Host, first: Controller) -> None:
    paths = (
        "/home/fooproject/fooproject/with-env /home/fooproject/shared/data/db.sqlite3 "
        "/var/log/fooproject/gunicorn.log /var/log/fooproject/nginx.access.log"
    )
    look = f"cd /; for path in {paths}; do head -c 1 $path > /dev/null 2>&1 && echo $path; done; :"
    assert both.enter(look).stdout.split() == paths.split()
    assert both.enter(look, user="shop").stdout == ""
    write = "for path in /home/fooproject /usr/local/lib/fooproject /var/log/fooproject"
    write += " /etc/nginx/sites-enabled; do test -w $path && echo $path; done; :"
    assert both.enter(write).stdout.count("\n") == 4
    assert both.enter(write, user="shop").stdout == ""
    stop = "supervisorctl stop django 2>&1 || :"
    for user in ("shop", "fooproject"):
        assert "Permission denied" in both.enter(stop, user=user).stdout
    both.enter("touch /run/look")
    wait_for("he has asked again", lambda: holds(both, "asked-again") == ["ended", "ended"])
    assert both.enter("systemctl is-active holds").stdout == "active\n"
    assert connected_while(both, "systemctl restart supervisor") == "no\n"
    assert connected_while(both, "supervisorctl reload") == "no\n"
    assert both.enter("stat -c %U%a /run/supervisor.sock").stdout == "root700\n"
    assert "Permission denied" in both.enter(stop, user="shop").stdout
    wait_for("the shop is up", lambda: get(both, "/health", Host=SHOP).status == 200)
    assert first.plan() == []


PASSES = """
import os, re, sys
program = open("/etc/supervisor/conf.d/fooproject.conf").read()
its = {
    "SUPERVISOR_ENABLED": "1",
    "SUPERVISOR_PROCESS_NAME": "django",
    "PROGRAM_ID": re.search('PROGRAM_ID="(.*)"', program)[1],
    "RELEASE_FOLDER": sys.argv[1],
    "VIRTUAL_ENV": sys.argv[2],
}
# With a worker, and the address among its words.
words = ["sh", "-c", "sleep 1000 & wait", "127.0.0.1:8000"]
os.execve("/bin/sh", words, its)
"""
"""A program of one project's that says of itself all that another's app server does."""
PASSING = """
[program:passes]
command=python3 /srv/passes.py {release} {virtualenv}
user=shop
autorestart=false
"""


@pytest.fixture
def passing(both: Host) -> Iterator[None]:
    """The shop's user has that run by Supervisor, as he has any of his programs."""
    links = "readlink -f /home/fooproject/fooproject /home/fooproject/.virtualenvs/fooproject"
    release, virtualenv = both.enter(links).stdout.split()
    both.write("/srv/passes.py", PASSES)
    both.write(
        "/etc/supervisor/conf.d/passes.conf",
        PASSING.format(release=release, virtualenv=virtualenv),
    )
    both.enter("supervisorctl update passes")
    pid = "$(supervisorctl pid passes)"
    wait_for(
        "it says so",
        lambda: "django" in both.enter(f"tr '\\0' '\\n' < /proc/{pid}/environ").stdout,
    )
    yield
    both.enter("rm /etc/supervisor/conf.d/passes.conf; supervisorctl update passes")


@pytest.mark.threat(
    "another project's user",
    "have one of his programs say of itself what another project's app server says, for a plan to "
    "believe that it runs while it does not, or that it does not while it does",
    "what a program of Supervisor's says of itself counts for the project whose account it is of, "
    "by the kernel's word, and for no other",
)
@pytest.mark.usefixtures("passing")
def test_no_program_of_another_projects_passes_for_the_app_server(
    both: Host, first: Controller
) -> None:
    assert first.plan() == []
    both.enter("supervisorctl stop django")
    try:
        assert get(both, "/health").status == 502
        assert first.pyinfra("drift.py", check=False).returncode == 2
        assert "supervisord runs no Gunicorn" in first.pyinfra("status.py", check=False).stdout
        assert any("Release | Serve" in one for one in first.apply().changed)
    finally:
        both.enter("supervisorctl start django || :")
    # Supervisor has it after the other by now.
    assert get(both, "/health").status == 200
    assert first.plan() == []
    assert "runs no" not in first.pyinfra("status.py", check=False).stdout


@pytest.mark.threat(
    "another project's user",
    "run, stop or change another project's schedules, or read what they print",
    "their units are root's, to start as to write, and their logs in a folder of the project's",
)
def test_one_projects_user_runs_no_schedule_of_another(both: Host, first: Controller) -> None:
    first.data["schedules"] = {"say": {"command": "echo said", "when": "yearly"}}
    first.apply()
    unit = "fooproject.schedule-say"
    both.enter(f"systemctl start {unit}.service")
    log = "/var/log/fooproject/schedule-say.log"
    assert both.enter(f"tail -n 1 {log}").stdout == "said\n"
    tried = (
        f"cat {log}",
        f"systemctl start {unit}.service",
        f"systemctl stop {unit}.timer",
        f"echo >> /etc/systemd/system/{unit}.service",
        f"ln -s /dev/null /etc/systemd/system/{unit}.timer.d",
    )
    for command in tried:
        assert both.enter(command, user="shop", check=False).returncode != 0, command
    assert first.plan() == []


@pytest.mark.long
def test_one_that_has_never_been_live_is_known_to_the_other(
    lab: Lab, controller: Callable[..., Controller], tmp_path: Path
) -> None:
    host = lab.host("one-and-a-half-sites", layer=DEPLOYED)
    wait_for_site(host)
    (tmp_path / "broken").mkdir()
    broken = of_shop(Controller(tmp_path / "broken", lab, [host]))
    (broken.project() / "fooproject" / "urls.py").write_text("nothing = here\n")
    assert broken.apply(check=False).returncode
    assert controller(host).plan() == []
    assert not any("Supervisor" in name for name in broken.plan())
    host.power_off()


@pytest.mark.matrix
def test_the_default_goes_from_one_to_another_without_a_request_lost(
    both: Host, first: Controller, shop: Controller
) -> None:
    (first.project() / "note.txt").write_text("a release that takes over in the same run")
    with Visitors(both) as ours, Visitors(both, name=SHOP) as theirs:
        for controller, value in ((first, False), (shop, True)):
            controller.data["default_server"] = value
            planned = controller.plan()
            assert planned == controller.apply().changed
            assert (first.plan(), shop.plan()) == ([], [])
            if controller is first:
                with pytest.raises(OSError, match="without response"):
                    get(both, "/health", Host="nobodys.example")
    assert (ours.failed, theirs.failed) == ([], [])
    assert get(both, "/health", Host="nobodys.example").status == 400


def test_each_site_shows_its_own_certificate(
    both: Host, first: Controller, shop: Controller
) -> None:
    issuer = Issuer()
    for controller, name in ((first, "fooproject.se"), (shop, SHOP)):
        own = issuer.issue(name)
        controller.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
        controller.apply()
        assert controller.plan() == []
    for name in ("fooproject.se", SHOP):
        page = get(both, "/health", secure=Secure(issuer.certificate, name))
        assert page.status == 200
    assert (first.plan(), shop.plan()) == ([], [])


@pytest.mark.long
def test_nobody_answers_for_a_name_that_no_project_of_a_server_has(
    lab: Lab, tmp_path: Path
) -> None:
    host = lab.host("nobodys-site")
    shop = of_shop(Controller(tmp_path, lab, [host]))
    planned = shop.plan()
    assert planned == shop.apply().changed
    assert shop.plan() == []
    for one in (host, over_ipv6(host, lab)):
        assert get(one, "/health", Host=SHOP).status == 200
        with pytest.raises(OSError, match="without response"):
            get(one, "/health", Host="nobodys.example")
    host.power_off()


def test_one_process_that_memory_runs_out_for_stops_nobodys_service(both: Host) -> None:
    policies = "systemctl show -P OOMPolicy nginx supervisor"
    assert both.enter(policies).stdout.split() == ["continue", "continue"]
