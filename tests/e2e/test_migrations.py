"""Migrations: seen before they run, and undone by a dump that was made first."""

import json
import re
import shlex

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get, post, release_at
from tests.lab import Host

pytestmark = pytest.mark.e2e

ADD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [
        migrations.CreateModel("Visit", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("entry", "colour", models.CharField(max_length=9, default="red")),
    ]
"""
FORGET = """
from django.db import migrations

def forget(apps, schema_editor):
    apps.get_model("guestbook", "Entry").objects.all().delete()

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0002_add")]
    operations = [migrations.RunPython(forget)]
"""
NEW = ("--data", "new_database=True")
SQLITE = "/home/fooproject/shared/data/db.sqlite3"


def migration(site: Controller, name: str, text: str) -> None:
    (site.project() / "guestbook" / "migrations" / f"{name}.py").write_text(text)


def django(web: Host, code: str) -> str:
    """What a line of Python prints in the live release's Django."""
    command = f"/home/fooproject/fooproject/manage shell -c '{code}'"
    return web.enter(f"runuser -u fooproject -- {command}").stdout.split()[-1]


def applied(web: Host) -> str:
    return django(
        web,
        "from django.db.migrations.recorder import MigrationRecorder as M;"
        'print(M.Migration.objects.filter(app="guestbook").count())',
    )


def write_entry(web: Host) -> None:
    django(web, 'from guestbook.models import Entry; Entry.objects.create(token="kept"); print(1)')


def entries(web: Host) -> str:
    return django(web, "from guestbook.models import Entry; print(Entry.objects.count())")


def test_the_plan_shows_the_migrations_of_a_release_that_is_on_the_host(
    web: Host, site: Controller
) -> None:
    migration(site, "0002_add", ADD)
    migration(site, "0003_forget", FORGET)
    site.apply()
    # As if it had been built, and cut before it migrated.
    web.enter("rm /home/fooproject/fooproject/.migrated")
    django(
        web,
        "from django.db.migrations.recorder import MigrationRecorder as M;"
        'M.Migration.objects.filter(name="0003_forget").delete(); print(1)',
    )
    shown = site.pyinfra("deploy.py", "--dry").output
    assert "guestbook.0003_forget" in shown
    assert "guestbook.0002_add" not in shown
    told = site.pyinfra("deploy.py", "-y").output
    assert "applied guestbook.0003_forget... OK" in told


def test_a_dry_run_makes_no_database(web: Host, site: Controller) -> None:
    web.enter(f"rm /home/fooproject/fooproject/.migrated {SQLITE}")
    shown = site.pyinfra("deploy.py", "--dry").output
    assert "the database is not there yet" in shown
    assert web.enter(f"ls {SQLITE}", check=False).returncode != 0


BY_URI = """
DATABASES["default"]["NAME"] = f"file:{DATABASES['default']['NAME']}?mode=rwc"
"""


@pytest.fixture(
    params=[
        "SQLite",
        *(pytest.param(one, marks=pytest.mark.matrix) for one in ("a URI", "PostgreSQL")),
    ]
)
def kept(request: pytest.FixtureRequest, web: Host, site: Controller) -> Controller:
    """A site that keeps a dump before it migrates, live with an entry in its database."""
    site.data["dump_before_migrate"] = True
    if request.param == "PostgreSQL":
        site.groups = {"app": [web], "db": [web]}
        site.use_database()
    if request.param == "a URI":
        with (site.project() / "fooproject" / "settings.py").open("a") as settings:
            settings.write(BY_URI)
    site.apply(*NEW)
    write_entry(web)
    return site


def test_a_dump_is_made_before_migrations_and_put_back(web: Host, kept: Controller) -> None:
    first = release_at(web)
    migration(kept, "0002_add", ADD)
    migration(kept, "0003_forget", FORGET)
    told = kept.pyinfra("deploy.py", "-y").output
    second = release_at(web)
    assert f"the database as it was: /home/fooproject/releases/{second}/before-migrating-" in told
    assert (applied(web), entries(web)) == ("3", "0")
    dumps = f"/home/fooproject/releases/{second}/*.dump"
    assert web.enter(f"stat -c '%a %U' {dumps}").stdout.split() == ["600", "fooproject"]
    assert kept.plan() == []

    kept.pyinfra("rollback.py", "-y", "--data", "force=True")
    nothing = kept.pyinfra("restore.py", "-y", "--data", f"release={first}x", check=False)
    assert nothing.returncode == 1
    assert f"web has no dump of {first}x; it keeps" in nothing.output
    off = ("restore.py", "-y", "--data", f"release={second}", "--data", "migrate=off")
    assert 'migrate = "off": no dump' in kept.pyinfra(*off, check=False).output
    kept.pyinfra("restore.py", "-y", "--data", f"release={second}")
    assert release_at(web) == first
    assert (applied(web), entries(web)) == ("1", "1")
    assert get(web).status == 200

    # Forward again: what was undone is migrated once more.
    again = kept.apply().changed
    assert [name.split()[2] for name in again] == ["Migrate", "Serve"]
    assert (applied(web), entries(web)) == ("3", "0")
    assert kept.plan() == []


def test_without_a_migration_to_apply_there_is_no_dump(web: Host, site: Controller) -> None:
    site.data["dump_before_migrate"] = True
    (site.project() / "new.txt").write_text("new")
    site.apply()
    found = web.enter("find /home/fooproject/releases -name '*.dump'").stdout
    assert found == ""


@pytest.mark.long
def test_a_dump_by_hand_is_its_users_alone_and_put_back_as_the_manual_has_it(
    web: Host, kept: Controller
) -> None:
    # With `src` deeper in the release, too.
    top = kept.project()
    top.rename(top.with_name("backend"))
    top.mkdir()
    top.with_name("backend").rename(top / "backend")
    kept.data |= {"src": "backend", "requirements": "backend/requirements.txt"}
    kept.apply()
    web.enter(f"umask 022; {documented('DUMP_TO', 'releases.md')}")
    found = web.enter("stat -c '%a %U %n' /home/fooproject/*dump*").stdout
    assert found == "600 fooproject /home/fooproject/by-hand.dump\n"
    django(web, "from guestbook.models import Entry; print(Entry.objects.all().delete())")
    assert entries(web) == "0"
    web.enter(documented("RESTORE_FROM", "releases.md"))
    assert entries(web) == "1"
    web.enter(documented("migrate", "releases.md"))
    assert kept.plan() == []


@pytest.mark.long
def test_what_cannot_be_put_back_leaves_the_database_as_it_was(web: Host, kept: Controller) -> None:
    migration(kept, "0002_add", ADD)
    kept.apply()
    second = release_at(web)
    django(web, "from guestbook.models import Entry; print(Entry.objects.all().delete())")
    web.enter(f"truncate -s -9000 /home/fooproject/releases/{second}/*.dump")
    run = kept.pyinfra("restore.py", "-y", "--data", f"release={second}", check=False)
    assert run.returncode == 1
    assert "The database is as it was." in run.output
    assert (applied(web), entries(web)) == ("2", "0")


READS_TABLES = """
from django.core.checks import Error, register


@register(deploy=True)
def reads_tables(app_configs, **words):
    from guestbook.models import Entry
    if Entry.objects.filter(token="bad").exists():
        return [Error("a bad entry", id="guestbook.E001")]
    return []
"""


@pytest.mark.long
def test_a_check_that_reads_tables_waits_for_the_migrations_that_make_them(
    web: Host, site: Controller
) -> None:
    before = release_at(web)
    with (site.project() / "guestbook" / "models.py").open("a") as models:
        models.write(READS_TABLES)
    # As on a fresh host: there is no table yet.
    site.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": "sqlite:///data/new.sqlite3"}
    told = site.pyinfra("deploy.py", "-y", *NEW).output
    assert "no such table" in told
    assert "this is checked again after them" in told
    second = release_at(web)
    assert second != before
    web.enter("test -f /home/fooproject/fooproject/.checked")
    assert site.plan() == []

    # What is not for want of a table ends the release at once, whatever is to be migrated.
    django(web, 'from guestbook.models import Entry; Entry.objects.create(token="bad"); print(1)')
    for name in ("0002_add", None):
        (site.project() / "new.txt").write_text(f"{name}")
        if name:
            migration(site, name, ADD)
        failed = site.apply(check=False)
        assert failed.returncode != 0
        assert "guestbook.E001" in failed.output
        assert "MAY BE MISSING" not in failed.output
        assert applied(web) == "1"
        assert release_at(web) == second
        web.enter("! ls -t /home/fooproject/releases/*/.checked -d | head -n 1 | grep -v .checked")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("secret:word@127.0.0.1:1/site", ("site of secret at 127.0.0.1:1", "refused")),
        ("secret:word@db.invalid/site", ("at db.invalid", "resolve|Name or service")),
        ("secret:word@127.0.0.1:5999/site", ("at 127.0.0.1:5999", "no answer in 10 s")),
    ],
)
@pytest.mark.long
def test_a_database_that_cannot_be_reached_is_named(
    web: Host, site: Controller, where: str, says: tuple[str, str]
) -> None:
    before = release_at(web)
    (site.project() / "requirements.txt").write_text("Django==5.2.*\npsycopg[binary]\n")
    site.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": f"postgres://{where}"}
    # It takes connections, and says nothing.
    silent = "import socket, time; s = socket.create_server(('127.0.0.1', 5999)); time.sleep(300)"
    web.enter(f'systemd-run -q --unit silent python3 -c "{silent}"')
    run = site.apply(check=False)
    assert run.returncode != 0
    [line] = [line for line in run.output.splitlines() if "cannot be reached" in line]
    assert says[0] in line
    assert re.search(says[1], line)
    assert "DATABASE_URL in the setting env" in line
    assert "word" not in run.output
    assert "Traceback" not in run.output
    assert release_at(web) == before


BOOTS = "/home/fooproject/shared/data/boots"
NOTE_BOOT = f"""
import os, sys
if sys.argv[0].endswith("manage.py"):
    with open("{BOOTS}", "a") as file:
        print(os.environ["RELEASE_FOLDER"], file=file)
"""
AFTER_MIGRATING = """

from django.apps import apps
from django.db.models.signals import post_migrate


def note(**_: object) -> None:
    with open("/home/fooproject/shared/data/signals", "a") as file:
        print(apps.get_app_config("guestbook").path, file=file)
    print("told by a signal of the project")


post_migrate.connect(note, sender=apps.get_app_config("guestbook"))
"""


def boots(web: Host, release: str) -> int:
    """How often a release's manage.py was started."""
    return (
        web.enter(f"cat {BOOTS}").stdout.splitlines().count(f"/home/fooproject/releases/{release}")
    )


def test_django_starts_once_for_a_release_that_has_nothing_to_migrate(
    web: Host, site: Controller
) -> None:
    project = site.project()
    with (project / "fooproject" / "settings.py").open("a") as settings:
        settings.write(NOTE_BOOT)
    with (project / "guestbook" / "models.py").open("a") as models:
        models.write(AFTER_MIGRATING)
    told = site.pyinfra("deploy.py", "-y").output
    release = release_at(web)
    assert boots(web, release) == 1
    # `migrate` was no less than it always is.
    signals = "cat /home/fooproject/shared/data/signals"
    assert web.enter(signals).stdout.split() == [
        f"/home/fooproject/releases/{release}/source/guestbook"
    ]
    assert "told by a signal" not in told
    # What another run has seen of the database holds no more.
    web.enter("rm /home/fooproject/fooproject/.migrated")
    site.apply()
    assert boots(web, release) == 2
    migration(site, "0002_add", ADD)
    site.apply()
    assert boots(web, release_at(web)) == 2
    assert applied(web) == "2"


def documented(word: str, page: str = "database.md") -> str:
    """The command of a page that has a word in it, for the sample project."""
    text = (REPOSITORY / "docs" / page).read_text()
    [line] = re.findall(rf"^    (runuser .*\b{word}\b.*)$", text, re.MULTILINE)
    return str(line).replace("PROJECT", "fooproject")


@pytest.mark.long
def test_a_site_moves_from_sqlite_to_postgresql_as_the_manual_has_it(
    web: Host, site: Controller
) -> None:
    # A project need not have what Django fills by itself.
    web.enter(documented("mkdir"))
    web.enter(documented("dumpdata"))
    web.enter(documented("rm -r"))
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write(
            "\nINSTALLED_APPS += ['django.contrib.auth', 'django.contrib.contenttypes']\n"
        )
    site.apply()
    django(
        web,
        "from django.contrib.auth.models import User, Permission;"
        'one = User.objects.create_user("edith", password="x");'
        'one.user_permissions.add(Permission.objects.get(codename="change_entry")); print(1)',
    )
    write_entry(web)
    site.pyinfra("maintenance.py", "-y", "--data", "on=True")
    web.enter(documented("mkdir"))
    web.enter(documented("dumpdata"))
    # Only the user may look, whatever the file's own mode.
    assert web.enter("stat -c '%a %U' /home/fooproject/moving").stdout == "700 fooproject\n"
    site.groups = {"app": [web], "db": [web]}
    site.use_database()
    before = release_at(web)
    refused = site.apply(check=False)
    assert "/home/fooproject/shared/data/db.sqlite3: visitors would find an empty" in refused.output
    assert (release_at(web), entries(web)) == (before, "1")
    site.apply(*NEW)
    assert entries(web) == "0"
    web.enter(documented("loaddata"))
    site.pyinfra("maintenance.py", "-y", "--data", "on=False")
    assert (
        "kept"
        in web.enter(
            "cd /; runuser -u postgres -- psql -XAtq -d fooproject "
            "-c 'SELECT token FROM guestbook_entry'"
        ).stdout
    )
    assert (
        django(
            web,
            "from django.contrib.auth.models import User;"
            'print(User.objects.get(username="edith").has_perm("guestbook.change_entry"))',
        )
        == "True"
    )
    # Numbers go on where they were.
    entry = json.dumps({"token": "new", "text": "new"}).encode()
    assert post(web, "/api/entries", entry, Content_Type="application/json").status == 201
    assert site.plan() == []


@pytest.mark.long
def test_a_database_that_is_down_ends_a_way_back_in_one_line(web: Host, site: Controller) -> None:
    site.groups = {"app": [web], "db": [web]}
    site.use_database()
    site.apply(*NEW)
    live = release_at(web)
    dump = f"/home/fooproject/releases/{live}/before-migrating-20260101T000000Z.dump"
    web.enter(f"runuser -u fooproject -- touch {dump}; systemctl stop 'postgresql@*'")
    for words in (("rollback.py", "--dry"), ("restore.py", "--data", f"release={live}", "-y")):
        run = site.pyinfra(*words, check=False)
        assert run.returncode != 0
        assert "Traceback" not in run.output
        assert 'File "' not in run.output
        [line] = [line for line in run.output.splitlines() if "cannot be reached" in line]
        assert "The database fooproject of fooproject at " in line
        assert "Its location comes from DATABASE_URL in the setting env." in line


@pytest.mark.long
def test_a_database_that_the_project_does_not_read_of_is_told(site: Controller) -> None:
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write("\nDATABASES = {'default': database('sqlite:///data/db.sqlite3')}\n")
    assert "IS NOT READ" not in site.pyinfra("deploy.py", "-y").output
    site.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": "postgres://a@127.0.0.1/b"}
    assert "DATABASE_URL IS NOT READ" in site.pyinfra("deploy.py", "-y").output


WAIT = """
import time
from pathlib import Path

from django.db import migrations

def wait(apps, schema_editor):
    until = time.monotonic() + 60
    while not Path("/home/fooproject/go-on").exists():
        assert time.monotonic() < until
        time.sleep(0.1)

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0002_add")]
    operations = [migrations.RunPython(wait)]
"""


@pytest.mark.long
def test_a_migration_is_told_while_the_next_one_runs(web: Host, site: Controller) -> None:
    migration(site, "0002_add", ADD)
    migration(site, "0003_wait", WAIT)
    run = site.start()
    assert run.stdout
    try:
        lines: list[str] = []
        for line in run.stdout:
            lines.append(line)
            if "applied guestbook.0002_add... OK" in line:
                break
        assert run.poll() is None
        web.enter("touch /home/fooproject/go-on")
        lines += run.stdout
        assert run.wait(60) == 0, "".join(lines)
    finally:
        run.kill()
        run.wait()
    told = "".join(lines)
    assert told.count("applied guestbook.0002_add... OK") == 1
    assert told.count("applied guestbook.0003_wait... OK") == 1


@pytest.mark.long
def test_migrations_that_each_release_writes_for_itself_are_not_taken_for_applied(
    web: Host, site: Controller
) -> None:
    project = site.project()
    for path in (project / "guestbook" / "migrations").glob("0*.py"):
        path.unlink()
    site.data["commands"] = {"before_static": ["manage.py makemigrations guestbook"]}
    site.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": "sqlite:///data/new.sqlite3"}
    site.apply(*NEW)
    # Nothing has changed for the database.
    (project / "new.txt").write_text("new")
    site.apply()
    before = release_at(web)
    models = project / "guestbook" / "models.py"
    models.write_text(models.read_text().replace("max_length=500", "max_length=400"))
    failed = site.apply(check=False)
    assert failed.returncode != 0
    assert "guestbook.0001_initial: written by this release's own commands" in failed.output
    assert release_at(web) == before


SHELL = """
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("-c", "--command")

    def handle(self, *args, **options):
        raise CommandError("Call this command with an --event")
"""


@pytest.mark.long
def test_a_project_may_have_a_shell_of_its_own(web: Host, site: Controller) -> None:
    commands = site.project() / "guestbook" / "management" / "commands"
    commands.mkdir(parents=True)
    (commands / "shell.py").write_text(SHELL)
    site.data["dump_before_migrate"] = True
    site.apply()
    first = release_at(web)
    told = web.enter("~/fooproject/manage shell -c 1", user="fooproject", check=False)
    assert "Call this command with an --event" in told.stderr
    migration(site, "0002_add", ADD)
    assert "applied guestbook.0002_add... OK" in site.apply().output
    second = release_at(web)
    site.pyinfra("rollback.py", "-y", "--data", "force=True")
    site.pyinfra("restore.py", "-y", "--data", f"release={second}")
    assert (release_at(web), applied_at(web)) == (first, ["0001_initial"])


def applied_at(web: Host) -> list[str]:
    """The guestbook's migrations that the live database has, as SQLite itself tells."""
    code = (
        "import sqlite3, sys; database = sqlite3.connect(sys.argv[1]);"
        "rows = database.execute('SELECT app, name FROM django_migrations');"
        "print(*[name for app, name in rows if app == 'guestbook'])"
    )
    return web.enter(f"python3 -c {shlex.quote(code)} {SQLITE}").stdout.split()


def test_models_that_no_migration_has_are_told_of(web: Host, site: Controller) -> None:
    models = site.project() / "guestbook" / "models.py"
    models.write_text(models.read_text().replace("max_length=500", "max_length=400"))
    told = site.apply().output
    assert "MODELS HAVE CHANGED WITHOUT A MIGRATION: guestbook." in told
    assert site.plan() == []
