"""The demo: two sites over HTTPS, on real hosts on this machine, by plain pyinfra. `make demo`."""

import http.client
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.e2e.acme import Authority
from tests.e2e.controller import REPOSITORY
from tests.e2e.http import Secure, get
from tests.e2e.load import Visitors, entry, page
from tests.lab import Host, Lab, LabError
from tests.lab.__main__ import DEMO, DEMO_SUBNET
from tests.lab.systems import title

PYINFRA = ".venv/bin/pyinfra"
SECRETS = {"SECRET_KEY": "for-the-demo-alone", "DATABASE_PASSWORD": "for-the-demo-too"}
SITE, SHOP = "fooproject.se", "shop.example"
SETTINGS = """\
from stack.secrets import from_environment

source = "tests/project"  # counted from the clone, where pyinfra runs
env = {{"SECRET_KEY": from_environment("SECRET_KEY"), "ALLOWED_HOSTS": "{name}"}}
shared = ["media", "data"]
health_path = "/health"
gate_seconds = 2
tls = "acme"
tls_server = "{directory}"  # without this line, Let's Encrypt
"""
OF_SITE = """\
database_password = from_environment("DATABASE_PASSWORD")
"""
OF_SHOP = """\
project = "shop"
wsgi = "fooproject.wsgi"
server_name = "shop.example"
default_server = False
bind = "127.0.0.1:8001"
program = "shop"
migrate = "each"
"""
ROUNDS = 5


class DemoError(Exception):
    """Something is not as the demo promises: one line."""


def main() -> int:
    """Run the demo; return the exit code. Only a demo that went well leaves its hosts up."""
    try:
        with Lab(DEMO, DEMO_SUBNET) as lab:
            show(lab)
            lab.keep()
    except KeyboardInterrupt:
        return failed("interrupted", 130)
    except (DemoError, LabError, AssertionError) as error:
        return failed(str(error), 1)
    except (OSError, http.client.HTTPException) as error:
        return failed(repr(error), 1)
    return 0


def failed(why: str, code: int) -> int:
    """Say why, and what became of the hosts; return the exit code."""
    try:
        Lab.attach(DEMO)
        left = "make demo-down removes what is left of its hosts"
    except LabError:
        left = "its hosts are removed"
    print(f"\ndemo: {why}\ndemo: {left}", file=sys.stderr)
    return code


def show(lab: Lab) -> None:
    """All that there is to see, in order."""
    say("Three hosts, with real systemd and sshd; two are for the site, one for its database")
    apps = lab.hosts(2, base="ready")
    database, authority = lab.host("db1", base="ready"), Authority(lab.host("ca1", base="ready"))
    for host in (*apps, database):
        print(f"{host.name}  {host.address}  {title(host.system)}")
    print(f"{authority.host.name}  {authority.host.address}  stands for Let's Encrypt")
    authority.start()
    authority.answer_names({SITE: apps[0].address, SHOP: apps[0].address})
    for host in apps:
        authority.trusted_by(host)

    say("A folder of one's own, outside this clone, has the inventory and the settings")
    # In the lab's own folder, which goes when the lab does.
    folder = lab.known_hosts.parent
    settings = SETTINGS.format(name=SITE, directory=authority.directory_url) + OF_SITE
    inventory = own_folder(lab, folder / "servers", {"app": apps, "db": [database]}, settings)
    pyinfra = [PYINFRA, str(inventory)]
    dry = [*pyinfra, "deploy.py", "--dry"]

    say("What would change: every line of every file on one host, then the plan for all three")
    os.environ.update(SECRETS)
    secrets = " ".join(f"{name}={value}" for name, value in SECRETS.items())
    print(f"$ export {secrets}")
    run([*dry, "--diff", "--limit", apps[0].name])
    run(dry)

    say("Deploy")
    run([*pyinfra, "deploy.py", "-y"])

    say("Ask again: there is nothing left to change")
    check_empty(capture(dry))

    say("And if one setting were another? Only what follows from it would change")
    run([*dry, "--diff", "--limit", apps[0].name, "--data", "client_max_body_size=60M"])

    say("Visit the site on both hosts, each of which has a certificate of its own")
    root = folder / "authority.pem"
    root.write_text(authority.root_certificate)
    for host in apps:
        visit(host, Secure(authority.root_certificate, SITE))

    say("Deploy another project to one of them, from a folder of its own; the first has visitors")
    settings = SETTINGS.format(name=SHOP, directory=authority.directory_url) + OF_SHOP
    second = own_folder(lab, folder / "shop", {"app": apps[:1]}, settings)
    secure = Secure(authority.root_certificate, SITE)
    run_visited(apps[:1], secure, [PYINFRA, str(second), "deploy.py", "-y"])
    check_empty(capture([PYINFRA, str(second), "deploy.py", "--dry"]))
    visit(apps[0], Secure(authority.root_certificate, SHOP))

    say(
        "Roll out a new version, to one host and then to the other; both have visitors, over HTTP/2"
    )
    new = f"source={new_version(folder)}"
    run_visited(apps, secure, [*pyinfra, "deploy.py", "-y", "--data", new])
    for host in apps:
        visit(host, secure)

    say("What a plan of nothing to do costs")
    measure(dry, [*pyinfra, "exec", "--", "true"])

    say("The hosts stay up")
    for name, host in ((SITE, apps[0]), (SITE, apps[1]), (SHOP, apps[0])):
        there = f"--resolve {name}:443:{host.address} https://{name}/"
        print(f"{host.name}  curl --cacert {root} {there}")
    for host in apps:
        print(f"{host.name}  .venv/bin/python -m tests.lab ssh {host.name}")
    print(f"{database.name}   .venv/bin/python -m tests.lab ssh {database.name}")
    print(f"\nIn a browser, https://{SITE}/ with this line in /etc/hosts: {apps[0].address} {SITE}")
    print(f"Deploy again:     {secrets} {shlex.join([*pyinfra, 'deploy.py'])}")
    print("Remove the hosts: make demo-down")


def say(title: str) -> None:
    print(f"\n=== {title}", flush=True)


def run(command: Sequence[str]) -> None:
    """Run a command as a person would, its output on the terminal.

    Raises DemoError when it fails.
    """
    print(f"\n$ {shlex.join(command)}", flush=True)
    done = subprocess.run(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise DemoError(f"that command ended with exit code {done.returncode}")


def new_version(folder: Path) -> Path:
    """A copy of the sample project whose page has another title."""
    copy = folder / "new-version"
    shutil.copytree(REPOSITORY / "tests" / "project", copy)
    template = copy / "guestbook" / "templates" / "guestbook" / "index.html"
    template.write_text(template.read_text().replace("<h1>Guestbook", "<h1>Our guestbook"))
    return copy


def own_folder(lab: Lab, folder: Path, groups: Mapping[str, Sequence[Host]], settings: str) -> Path:
    """Make a folder as a person would, and show it; return its inventory."""
    (folder / "group_data").mkdir(parents=True)
    inventory = lab.inventory(folder / "inventory.py", groups)
    shared = folder / "group_data" / "all.py"
    shared.write_text(settings)
    for path in (inventory, shared):
        print(f"\n$ cat {path}\n{path.read_text()}")
    return inventory


def run_visited(hosts: Sequence[Host], secure: Secure, command: Sequence[str]) -> None:
    """Run a command while visitors read and write on all hosts; tell how they fared.

    Raises DemoError when it fails, or when a visitor was turned away.
    """
    with ExitStack() as visitors:
        met = {
            host.name: visitors.enter_context(
                Visitors(host, kinds=[page, entry], pause=0.1, secure=secure)
            )
            for host in hosts
        }
        run(command)
    print()
    for name, tally in met.items():
        print(f"{name}  {tally}")
    if failed := [one for tally in met.values() for one in tally.failed]:
        raise DemoError(f"a visitor was turned away: {failed[0]}")


def capture(command: Sequence[str]) -> str:
    """The same; returns what it said, too."""
    print(f"\n$ {shlex.join(command)}", flush=True)
    said = _quiet(command)
    print(said, end="", flush=True)
    return said


def _quiet(command: Sequence[str]) -> str:
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise DemoError(f"exit code {done.returncode}, after saying\n{done.stdout}")
    return done.stdout


def check_empty(plan: str) -> None:
    """Raise DemoError unless pyinfra's table has operations, and no change for any of them."""
    rows = [line.rstrip() for line in plan.splitlines() if re.search(r"\w \| \w", line)]
    changing = [row for row in rows if not re.search(r" - +-$", row)]
    if not rows:
        raise DemoError("the second plan shows no operations")
    if changing:
        raise DemoError("the second plan is not empty:\n" + "\n".join(changing))


def visit(host: Host, secure: Secure) -> None:
    """Fetch the page, and a static file that it names; raise DemoError if any is not there."""
    page = get(host, secure=secure)
    release = re.search(r'<code id="release">(.*?)</code>', page.text)
    file = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    if page.status != 200 or not release or not file:
        raise DemoError(f"{host.name} answers {page.status}:\n{page.text[:500]}")
    static = get(host, file[1], secure=secure, Accept_Encoding="gzip")
    if static.status != 200:
        raise DemoError(f"{host.name} answers {static.status} for {file[1]}")
    print(f"\n{host.name}  https://{secure.name}/  {page.status}, release {release[1]}")
    print(f"{host.name}  https://{secure.name}{file[1]}  {static.status}")
    for name in ("content-type", "content-encoding", "expires", "cache-control"):
        print(f"      {name}: {static.headers.get(name, '(none)')}")


def measure(plan: Sequence[str], floor: Sequence[str]) -> None:
    """Print the medians of two commands that run in turn, and their ratio."""
    seconds: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(ROUNDS):
        for which, command in enumerate((plan, floor)):
            started = time.monotonic()
            _quiet(command)
            seconds[which].append(time.monotonic() - started)
    medians = [statistics.median(seconds[which]) for which in (0, 1)]
    print(f"\nSeconds over 3 hosts, the median of {ROUNDS} runs in turn:")
    for command, median in zip((plan, floor), medians, strict=True):
        print(f"{median:5.2f}  $ {shlex.join(command)}")
    print(f"\nThe plan takes {medians[0] / medians[1]:.2f} times as long; 2.5 is allowed.")


if __name__ == "__main__":
    sys.exit(main())
