"""Migrations: seen before they run, and undone by a dump that was made first."""

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at
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


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.matrix)])
def kept(request: pytest.FixtureRequest, web: Host, site: Controller) -> Controller:
    """A site that keeps a dump before it migrates, live with an entry in its database."""
    site.data["dump_before_migrate"] = True
    if request.param == "PostgreSQL":
        site.groups = {"app": [web], "db": [web]}
        site.use_database()
    site.apply()
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
