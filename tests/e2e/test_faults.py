"""A deploy that fails on its host says why, and what was served is served on."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.faults import (
    assert_clean,
    assert_mended,
    assert_told,
    deploy,
    fingerprint,
    no_request_fails,
    still_served,
)
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.load import Visitors, polled
from tests.e2e.matrix import cases
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

BOOM = """
from django.db import migrations

def boom(apps, schema_editor):
    raise RuntimeError("this migration is wrong")

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [migrations.RunPython(boom)]
"""
HALF_WAY = """
from django.db import migrations, models

def boom(apps, schema_editor):
    raise RuntimeError("half way")

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [
        migrations.AddField("entry", "half", models.TextField(default="")),
        migrations.RunPython(boom),
    ]
"""
NO_SUCH_MODEL = """
class Guest(models.Model):
    owner = models.ForeignKey("nowhere.Thing", on_delete=models.CASCADE)
"""
SHORT_LIVED = """
import os, threading
_answer = application

def application(environ, start_response):
    said = _answer(environ, start_response)
    threading.Timer(1, os._exit, [1]).start()
    return said
"""
NOT_UNDER_SUPERVISOR = """
import os
if "SUPERVISOR_ENABLED" in os.environ:
    raise RuntimeError("not here")
"""
ANOTHER_HEALTH_PAGE = """
from django.http import HttpResponse
urlpatterns += [path("how-are-you", lambda request: HttpResponse("well"))]
"""
PROGRAMS = "/etc/supervisor/conf.d"
HEALTH = """
def health(request):
    {}
"""


@dataclass(frozen=True)
class Fault:
    """Text at the end of a file of the project that breaks it, and what is told of it."""

    name: str
    path: str
    text: str
    operation: str
    told: tuple[str, ...]
    settings: tuple[tuple[str, object], ...] = ()


FAULTS = [
    Fault(
        "a migration raises",
        "guestbook/migrations/0002_boom.py",
        BOOM,
        "Migrate the database",
        ("RuntimeError: this migration is wrong", "The migration guestbook.0002_boom failed"),
    ),
    Fault(
        "a migration fails half way",
        "guestbook/migrations/0002_half_way.py",
        HALF_WAY,
        "Migrate the database",
        ("in boom", "RuntimeError: half way", "The migration guestbook.0002_half_way failed"),
    ),
    Fault(
        "Django's own check finds an error",
        "guestbook/models.py",
        NO_SUCH_MODEL,
        "Check ",
        ("SystemCheckError", "(fields.E300)", "nowhere.Thing"),
    ),
    Fault(
        "a style sheet names a file that is missing",
        "guestbook/static/guestbook/style.css",
        "\nbody { background: url(missing.png) }\n",
        "Collect the static files",
        ("ValueError: The file 'guestbook/missing.png' could not be found",),
    ),
    Fault(
        "STATIC_ROOT is elsewhere",
        "fooproject/settings.py",
        "\nSTATIC_ROOT = '/var/tmp/collected'\n",
        "Check ",
        ("STATIC_ROOT is /var/tmp/collected, outside of the release", "below BASE_DIR"),
    ),
    Fault(
        "the settings are no Python",
        "fooproject/settings.py",
        "\nDEBUG = = True\n",
        "Check ",
        ("fooproject/settings.py", "DEBUG = = True", "SyntaxError: invalid syntax"),
    ),
    Fault(
        "a dependency is not in the requirements",
        "fooproject/settings.py",
        "\nINSTALLED_APPS += ['rest_framework']\n",
        "Check ",
        ("ModuleNotFoundError: No module named 'rest_framework'",),
    ),
    Fault(
        "a view imports what is not there",
        "guestbook/views.py",
        "\nimport not_there\n",
        "Check ",
        ("guestbook/views.py", "ModuleNotFoundError: No module named 'not_there'"),
    ),
    Fault(
        "the WSGI module raises",
        "fooproject/wsgi.py",
        "\nraise RuntimeError('wsgi says no')\n",
        "Serve ",
        ("fooproject/wsgi.py", "RuntimeError: wsgi says no", "does not start", "is still being"),
    ),
    Fault(
        "a worker boots, answers and dies",
        "fooproject/wsgi.py",
        SHORT_LIVED,
        "Serve ",
        ("a worker answered, and ended within 2 s", "is still being served"),
    ),
    Fault(
        "the health page raises",
        "guestbook/views.py",
        HEALTH.format("raise RuntimeError('not well')"),
        "Serve ",
        ("RuntimeError: not well", "/health answers 500", "is still being served"),
    ),
    Fault(
        "the health page leads to another",
        "guestbook/views.py",
        HEALTH.format("return redirect('/login/?next=/health')"),
        "Serve ",
        ("/health answers 302 and redirects elsewhere, to /login/?next=/health", "is still being"),
    ),
    Fault(
        "the health page hangs",
        "guestbook/views.py",
        HEALTH.format("import time; time.sleep(60)"),
        "Serve ",
        ("does not start", "/health", "is still being served"),
        settings=(("timeout_seconds", 3),),
    ),
    Fault(
        "no such version of a requirement",
        "requirements.txt",
        "\nsqlparse==99.99\n",
        "Build a virtualenv",
        ("No matching distribution found for sqlparse==99.99",),
    ),
    Fault(
        "requirements that exclude each other",
        "requirements.txt",
        "\nDjango==4.2.1\n",
        "Build a virtualenv",
        ("Cannot install Django==4.2.1 and Django==5.2.* because",),
    ),
]


@pytest.mark.parametrize("fault", cases(FAULTS, 5, lambda fault: fault.name))
def test_a_project_that_does_not_work_is_not_put_live(
    standing: Host, controller: Callable[..., Controller], fault: Fault
) -> None:
    site = controller(standing)
    broken = site.project() / fault.path
    whole = broken.read_text() if broken.exists() else None
    broken.write_text((whole or "") + fault.text)
    site.data.update(fault.settings)
    with still_served(standing):
        run = deploy(site)
    # The switch says so in words of its own.
    live = () if fault.operation == "Serve " else (" is still live.",)
    assert_told(run, *fault.told, *live)
    assert last_operation(run.output).startswith(f"Release | {fault.operation}")
    assert_clean(standing)
    if whole is None:
        broken.unlink()
    else:
        broken.write_text(whole)
    change(site.project(), fault.name)
    assert_mended(site)


@pytest.mark.long
def test_a_release_that_fails_under_supervisor_alone_gives_way_to_the_one_before(
    web: Host, site: Controller
) -> None:
    before = release_at(web)
    wsgi, urls = (site.project() / "fooproject" / name for name in ("wsgi.py", "urls.py"))
    whole = wsgi.read_text()
    wsgi.write_text(whole + NOT_UNDER_SUPERVISOR)
    urls.write_text(urls.read_text() + ANOTHER_HEALTH_PAGE)
    # Which the release before does not have, and it has to come back all the same.
    site.data["health_path"] = "/how-are-you"
    with polled(web) as visitor:
        run = deploy(site)
    assert (visitor.failed, release_at(web)) == ([], before)
    assert_told(run, "RuntimeError: not here", "does not run under Supervisor", "is still being")
    assert "does not come back" not in run.output
    assert_clean(web)
    wsgi.write_text(whole)
    change(site.project())
    assert_mended(site)


BROKEN = {
    "a file of Nginx's that is needed, and was broken since the plan": (
        "cp /etc/nginx/mime.types /root; cd /home/fooproject/releases; before=$(ls);"
        ' { for _ in $(seq 600); do [ "$before" = "$(ls)" ] || break; sleep 0.1; done;'
        " echo 'nonsense;' >> /etc/nginx/mime.types; } > /dev/null 2>&1 &",
        ('unknown directive "nonsense" in /etc/nginx/mime.types', "nginx -t -q failed"),
        "cp /root/mime.types /etc/nginx",
    ),
    "a disk without room for Supervisor's file": (
        f"cp -a {PROGRAMS} /root && mount -t tmpfs -o size=16k small {PROGRAMS} &&"
        f" cp -a /root/conf.d/. {PROGRAMS} && ! cat /dev/zero 2>/dev/null > {PROGRAMS}/filler",
        (f"{PROGRAMS}/fooproject.conf cannot be written: No space left on device",),
        f"umount {PROGRAMS}",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(("break_it", "told", "mend_it"), BROKEN.values(), ids=BROKEN)
def test_a_host_that_does_not_let_a_release_take_over_serves_the_one_before(
    standing: Host,
    controller: Callable[..., Controller],
    break_it: str,
    told: tuple[str, ...],
    mend_it: str,
) -> None:
    site = controller(standing)
    before = release_at(standing)
    change(site.project(), break_it)
    standing.enter(break_it)
    # Visitors are so many that a restart below them would be noticed.
    with Visitors(standing) as tally:
        run = deploy(site)
    standing.enter(mend_it)
    assert (tally.failed, release_at(standing)) == ([], before)
    assert_told(run, *told, "is still being served")
    assert last_operation(run.output).startswith("Release | Serve")
    last = json.loads(standing.enter("tail -n 1 /var/log/fooproject/releases.log").stdout)
    assert (last["result"], last["why"].splitlines()[0]) == ("failed", told[-1])
    assert_clean(standing)
    assert_mended(site)


BESIDE = {
    "that Nginx cannot read": ("/etc/nginx/conf.d/other.conf", "nonsense;"),
    "that takes what is ours": (
        "/etc/nginx/sites-enabled/other",
        "server { listen 80 default_server; return 404; }",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(("path", "text"), BESIDE.values(), ids=BESIDE)
def test_a_file_beside_ours_keeps_no_release_away_and_costs_no_request(
    web: Host, site: Controller, path: str, text: str
) -> None:
    web.write(path, f"{text}\n")
    change(site.project())
    planned = site.plan()
    with Visitors(web) as tally:
        run = site.apply()
    assert (tally.failed, run.changed, site.plan()) == ([], planned, [])
    # Nobody's file goes without a word: in the run, or in the plan.
    assert f"cannot read {path}" in run.output or any("Put aside" in name for name in planned)
    assert web.enter(f"ls {path}", check=False).returncode != 0
    assert web.enter("cat /var/backups/replaced/*").stdout == f"{text}\n"


@pytest.mark.matrix
def test_a_package_that_does_not_exist(site: Controller) -> None:
    change(site.project())
    site.data["extra_packages"] = ["no-such-package"]
    with still_served(*site.hosts):
        run = deploy(site)
    assert_told(run, "E: Unable to locate package no-such-package")
    site.data["extra_packages"] = []
    assert_mended(site)


@pytest.mark.long
def test_a_name_that_django_does_not_know_is_not_served(web: Host, site: Controller) -> None:
    files = "cat /etc/nginx/sites-available/default; ls -d /var/lib/fooproject-pages"
    before = web.enter(files, check=False).stdout
    site.data["server_name"] = "shop.example.com"
    # Its folder is new: what is refused with it goes back all the same.
    site.data["unavailable_page"] = "<h1>It will be back.</h1>"
    with still_served(web):
        run = deploy(site)
    assert_told(run, "Django answers 400 to a visitor of shop.example.com: put it in ALLOWED_HOSTS")
    assert_clean(web)
    assert web.enter(files, check=False).stdout == before
    # A release that is the reason itself: the one before is asked by the name that it has.
    change(site.project())
    run = deploy(site)
    assert_told(run, "/health answers 400", "is still being served")
    hosts = "shop.example.com,fooproject.se"
    site.data["env"] = {"SECRET_KEY": "any", "ALLOWED_HOSTS": hosts}
    assert_mended(site)
    assert get(web, "/health", Host="shop.example.com").status == 200


# Memory

HOARD = """
hoard = bytearray(b"x") * 2_000_000_000
"""


@pytest.fixture
def poor(site: Controller) -> Iterator[Controller]:
    """A site on a host with little memory."""
    [web] = site.hosts
    web.limit_memory(600_000_000)
    yield site
    web.limit_memory(-1)


@pytest.mark.long
def test_a_release_that_takes_all_memory_at_boot_takes_none_from_the_site(poor: Controller) -> None:
    wsgi = poor.project() / "fooproject" / "wsgi.py"
    whole = wsgi.read_text()
    wsgi.write_text(HOARD + whole)
    poor.data["timeout_seconds"] = 10
    with still_served(*poor.hosts):
        run = deploy(poor)
    assert_told(run, "Perhaps out of memory?", "does not start", "is still being served")
    wsgi.write_text(whole)
    change(poor.project())
    assert_mended(poor)


# Locks

HOLD = """
import fcntl, sys, time
lock = open(sys.argv[1], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""
LOCKS = [
    pytest.param("/var/lib/dpkg/lock-frontend", marks=pytest.mark.matrix),
    pytest.param("/var/lib/dpkg/lock", marks=pytest.mark.matrix),
    "/var/lib/apt/lists/lock",
]
NEEDED = "tree"
"""A small package, which no host has."""


@pytest.fixture
def wanting(site: Controller) -> Controller:
    """A site that needs a package more, of which apt's lists know nothing yet."""
    site.hosts[0].write("/root/hold.py", HOLD)
    # What apt and dpkg say is in German then: their translations are there.
    site.hosts[0].enter("echo LANGUAGE=de_DE:de >> /etc/environment")
    site.hosts[0].enter("find /var/lib/apt/lists -type f -delete")
    site.data["extra_packages"] = [NEEDED]
    change(site.project())
    return site


@pytest.mark.long
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_waited_for_and_its_holder_told_when_that_takes_too_long(
    wanting: Controller, lock: str
) -> None:
    [web] = wanting.hosts
    web.enter(f"systemd-run -q --collect --unit=holder python3 /root/hold.py {lock}")
    wait_for("it is locked", lambda: "held" in web.enter("journalctl -qu holder -o cat").stdout)
    holder = web.enter("systemctl show -p MainPID --value holder").stdout.strip()
    with still_served(web):
        run = deploy(wanting, "from stack.commands import system", "system.LOCK_SECONDS = 2")
    assert_told(run, "lock", "for 2 s", f"by process {holder}: ", f"python3 /root/hold.py {lock}")
    web.enter("systemctl is-active holder")
    web.enter(
        "systemd-run -q --on-active=4 --timer-property=AccuracySec=100ms systemctl stop holder"
    )
    assert_mended(wanting)
    assert web.enter("systemctl is-active holder", check=False).returncode != 0
    web.enter(f"dpkg-query -W {NEEDED}")


# A full disk

SMALL_DISK = """
set -e
supervisorctl stop django
mkdir /small
mount -t tmpfs -o size=400M,mode=711 small /small
cd /home/fooproject
for folder in releases .virtualenvs; do
    cp -a "$folder" /small
    mount --bind "/small/$folder" "$folder"
done
supervisorctl start django
"""


@pytest.fixture
def cramped(site: Controller) -> Controller:
    """A site whose releases and virtualenvs lie on a small disk of their own."""
    [web] = site.hosts
    web.enter(SMALL_DISK)
    wait_for("the site is back", lambda: get(web, "/health").status == 200)
    return site


def fill(host: Host, left: str) -> None:
    """Fill the small disk, all but this much."""
    host.enter("cat /dev/zero > /small/filler 2>/dev/null", check=False)
    host.enter(f"truncate -s -{left} /small/filler")


@pytest.mark.long
def test_old_releases_make_room_for_one_that_has_none(cramped: Controller) -> None:
    [web] = cramped.hosts
    (cramped.project() / "big").write_bytes(bytes(30_000_000))
    had = [release_at(web)]
    for code in ("one", "two", "three"):
        (cramped.project() / "changed.txt").write_text(code)
        cramped.apply()
        had.append(release_at(web))
    fill(web, left="90M")
    (cramped.project() / "changed.txt").write_text("four")
    planned = cramped.pyinfra("deploy.py", "--dry")
    assert re.search(r"This will fail: .* Free some space there, or lower keep_rel", planned.output)
    cramped.data["keep_releases"] = 2
    plan = cramped.plan()
    assert "Release | Remove old releases, to have room" in plan
    with no_request_fails(web):
        assert cramped.apply().changed == plan
    assert cramped.plan() == []
    there = set(web.enter("ls ~fooproject/releases").stdout.split())
    assert there == {had[-1], release_at(web)}


HOPEFUL = (
    "from stack.state import room",
    "room.VIRTUALENV_BYTES = room.SPARE_BYTES = -(10**9)",
)
"""So that the lack of room is not found beforehand."""


def test_a_disk_that_would_run_full_is_found_out_before_anything_is_written(
    cramped: Controller,
) -> None:
    [web] = cramped.hosts
    requirements = cramped.project() / "requirements.txt"
    requirements.write_text(requirements.read_text() + "sqlparse\n")
    fill(web, left="40M")
    written = fingerprint(web)
    with still_served(web):
        planned = cramped.pyinfra("deploy.py", "--dry")
        run = deploy(cramped)
    assert re.search(r"This will fail: .* has 4\d MB free, .* needs about \d+ MB", planned.output)
    assert_told(run, "/home/fooproject/releases has 4", "MB free", "Free some space there.")
    assert last_operation(run.output).startswith("Release | Unpack")
    assert fingerprint(web) == written
    web.enter("rm /small/filler")
    assert_mended(cramped)


@pytest.mark.long
@pytest.mark.parametrize(
    ("left", "changed", "operation", "told"),
    [
        ("40K", "changed.txt", "Unpack", "Cannot write: No space left on device"),
        pytest.param(
            *("20M", "requirements.txt", "Build a virtualenv", "No space left on device"),
            marks=pytest.mark.matrix,
        ),
    ],
)
def test_a_disk_that_runs_full(
    cramped: Controller, left: str, changed: str, operation: str, told: str
) -> None:
    [web] = cramped.hosts
    with (cramped.project() / changed).open("a") as file:
        file.write("sqlparse\n")
    fill(web, left)
    with still_served(web):
        run = deploy(cramped, *HOPEFUL)
    assert_told(run, told)
    assert last_operation(run.output).startswith(f"Release | {operation}")
    web.enter("rm /small/filler")
    assert_mended(cramped)


# Several hosts


@pytest.mark.matrix
def test_no_host_goes_live_when_the_one_that_migrates_for_all_fails(
    lab: Lab, site: Controller, controller: Callable[..., Controller]
) -> None:
    [first] = site.hosts
    second = lab.host("second", layer=DEPLOYED)
    both = controller(first, second)
    both.groups = {"app": [first, second], "db": [first]}
    both.use_database()
    new = ["--data", "new_database=True"]
    boom = both.project() / "guestbook/migrations/0002_boom.py"
    boom.write_text(BOOM)
    wait_for("the second site is up", lambda: release_at(second))
    with still_served(first, second):
        run = deploy(both, words=new)
        assert_told(run, f"[{first.name}]", "RuntimeError: this migration is wrong")
        assert last_operation(run.output).startswith("Release | Migrate")
        # As if a person had told pyinfra to go on with the hosts that are left.
        run = deploy(both, words=[*new, "--fail-percent", "100"])
        assert_told(
            run,
            f"went live on no host, for {first.name} failed before:",
            "RuntimeError: this migration is wrong",
            f"{second.name}  serves",
        )
    boom.unlink()
    assert_mended(both)
    assert get(first, "/health").json["release"] == get(second, "/health").json["release"]
    second.stop()


def change(project: Path, what: str = "changed") -> None:
    """Make it a release that was not there before."""
    (project / "changed.txt").write_text(what)


def last_operation(output: str) -> str:
    """The name of the operation that ended the run."""
    starting = "--> Starting operation: "
    return [line for line in output.splitlines() if line.startswith(starting)][-1][len(starting) :]
