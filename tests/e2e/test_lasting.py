"""What a project writes outlives its release, or the release does not take over."""

import json
import re

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, post, release_at
from tests.lab import Host

pytestmark = pytest.mark.e2e

LIVE = "/home/fooproject/fooproject"
SHARED = "/home/fooproject/shared"
INSIDE = {"SECRET_KEY": "any", "DATABASE_URL": "sqlite:///db.sqlite3"}
"""Has the database where `startproject` puts it: beside manage.py."""


NEW = ("--data", "new_database=True")


def change(site: Controller, name: str) -> None:
    """Have the source of another release."""
    (site.project() / f"{name}.txt").write_text(name)


def write_entry(web: Host) -> None:
    entry = json.dumps({"token": "kept", "text": "still here"}).encode()
    assert post(web, "/api/entries", entry, Content_Type="application/json").status == 201


def entries(web: Host) -> object:
    return get(web, "/api/entries/count?prefix=kept").json


def refused(site: Controller) -> str:
    run = site.apply(check=False)
    assert run.returncode != 0
    return run.output


@pytest.mark.long
def test_a_sqlite_database_beside_manage_py_outlives_releases(site: Controller, web: Host) -> None:
    before = release_at(web)
    site.data |= {"env": INSIDE, "shared": []}
    told = refused(site)
    assert 'The SQLite database of DATABASES["default"] is source/db.sqlite3 of this' in told
    assert 'Write: shared = ["db.sqlite3", "media"]' in told
    assert release_at(web) == before

    site.data["shared"] = ["db.sqlite3", "media"]
    assert f"has another, {SHARED}/data/db.sqlite3: visitors" in refused(site)
    assert release_at(web) == before
    site.apply(*NEW)
    write_entry(web)
    change(site, "second")
    site.apply()
    assert entries(web) == {"count": 1}
    assert site.plan() == []
    # SQLite has its journal where the file is, for every release alike.
    journal = (
        "import glob; from guestbook.models import Entry; Entry.objects.count();"
        f'print("journal", *glob.glob("{SHARED}/*-wal"), *glob.glob("*-wal"))'
    )
    told = web.enter(f"{LIVE}/manage shell -c '{journal}'", user="fooproject").stdout
    assert told.split()[-2:] == ["journal", f"{SHARED}/db.sqlite3-wal"]


@pytest.mark.long
def test_a_place_that_cannot_be_written_is_named_before_anything_is_migrated(
    site: Controller, web: Host
) -> None:
    before = release_at(web)
    path = "/var/local/shop/db.sqlite3"
    site.data["env"] = INSIDE | {"DATABASE_URL": f"sqlite:///{path}"}
    told = refused(site)
    why = f"The SQLite database {path} cannot be made: /var/local/shop is not there"
    assert f"{why}. Its location comes from DATABASE_URL in the setting env." in told
    assert "unable to open database file" not in told
    web.enter("mkdir /var/local/shop")
    assert "cannot be made: /var/local/shop is not fooproject's to write to. Its" in refused(site)
    assert release_at(web) == before

    web.enter("chown fooproject /var/local/shop")
    settings = site.project() / "fooproject" / "settings.py"
    settings.write_text(f'{settings.read_text()}\nMEDIA_ROOT = "/srv/media"\n')
    told = site.apply(*NEW).output
    assert (
        "FILES CANNOT BE KEPT: MEDIA_ROOT is /srv/media, and fooproject may not make it in /srv"
        in told
    )
    assert web.enter(f"stat -c %U {path}").stdout == "fooproject\n"
    assert site.plan() == []


@pytest.mark.long
def test_files_of_another_host_and_a_storage_that_fails_are_told_with_the_release(
    site: Controller, web: Host
) -> None:
    settings = site.project() / "fooproject" / "settings.py"
    settings.write_text(
        f"""{settings.read_text()}
STATIC_URL = "https://static.example.com/"
def its_storage():
    raise KeyError(None)
STORAGES = {{
    "default": {{"BACKEND": "fooproject.settings.its_storage"}},
    "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}}
"""
    )
    told = site.apply().output
    why = "the storage fooproject.settings.its_storage ends in KeyError: None."
    assert f"UPLOADS CANNOT BE KEPT: {why}" in told
    assert (
        "FILES ARE ASKED OF ANOTHER HOST: STATIC_URL is https://static.example.com/, and Nginx "
        "serves /static/ here. A CDN there that pulls from this server needs /static/ as its "
        "origin's path."
    ) in told
    assert site.plan() == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("database", "says"),
    [
        ("data/db.sqlite3", '["data", "media"]'),
        ("guestbook/db.sqlite3", '["guestbook/db.sqlite3", "media"]'),
        ("/home/fooproject/fooproject/src/my.db", '["my.db", "media"]'),
    ],
)
def test_what_is_to_be_shared_is_told_in_full(
    site: Controller, web: Host, database: str, says: str
) -> None:
    site.data |= {"env": INSIDE | {"DATABASE_URL": f"sqlite:///{database}"}, "shared": []}
    assert f"Write: shared = {says}" in refused(site)


@pytest.mark.long
def test_a_database_without_a_suffix_is_a_file_too(site: Controller, web: Host) -> None:
    site.data |= {"env": INSIDE | {"DATABASE_URL": "sqlite:///db"}}
    site.data["shared"] = ["db", "media", "seed"]
    (site.project() / "seed").mkdir()
    (site.project() / "seed" / "first.txt").write_text("from the source")
    site.apply(*NEW)
    write_entry(web)
    change(site, "second")
    site.apply()
    assert entries(web) == {"count": 1}
    assert web.enter(f"cat {SHARED}/seed/first.txt").stdout == "from the source"


def test_files_of_models_outlive_releases_wherever_they_are(site: Controller, web: Host) -> None:
    project = site.project()
    settings = project / "fooproject" / "settings.py"
    settings.write_text(re.sub("MEDIA_ROOT = .*", "", settings.read_text()))
    with (project / "guestbook" / "models.py").open("a") as models:
        models.write(
            "\n\nclass Document(models.Model):\n"
            '    scan = models.FileField(upload_to="scans/%Y")\n'
            "    class Meta:\n        managed = False\n"
        )
    site.data["shared"] = ["data"]
    told = refused(site)
    assert "Where guestbook.Document.scan keeps files is source/scans of this release" in told
    assert 'Write: shared = ["data", "scans"]' in told


@pytest.mark.long
def test_what_the_live_release_has_written_holds_up_the_next(site: Controller, web: Host) -> None:
    live = release_at(web)
    web.enter(
        f"cd {LIVE}/src && mkdir -p uploads/2024 guestbook/__pycache__ && echo picture > "
        "uploads/2024/one.png && echo line > debug.log && touch guestbook/__pycache__/x.pyc",
        user="fooproject",
    )
    assert site.plan() == []
    change(site, "second")
    planned = site.pyinfra("deploy.py", "--dry").output
    assert "This will fail: The live release" in planned
    told = refused(site)
    assert f"The live release, {live}, has written files that the next would not have: " in told
    assert "debug.log, uploads/2024/one.png." in told
    assert 'write shared = ["data", "media", "debug.log", "uploads"]' in told
    assert release_at(web) == live

    site.data |= {"shared": ["data", "media", "uploads"], "disposable": ["*.log"]}
    told = refused(site)
    assert "The live release has uploads in its own folder. Stop the site and move it to" in told
    [commands] = re.findall("as root: (.*)", told)
    web.enter(commands)
    site.data["keep_releases"] = 2
    for name in ("second", "third"):
        change(site, name)
        site.apply()
    assert web.enter(f"cat {LIVE}/src/uploads/2024/one.png").stdout == "picture\n"
    assert web.enter(f"ls -d /home/fooproject/releases/{live}", check=False).returncode != 0
    assert site.plan() == []


@pytest.mark.long
def test_an_old_release_that_has_written_files_is_not_removed(site: Controller, web: Host) -> None:
    old = f"/home/fooproject/releases/{release_at(web)}"
    site.data["keep_releases"] = 2
    change(site, "second")
    site.apply()
    web.enter(f"echo picture > {old}/src/late.png", user="fooproject")
    change(site, "third")
    site.apply()
    assert web.enter(f"cat {old}/src/late.png").stdout == "picture\n"
    assert site.plan() == []
    assert (
        "stays, as it has written files of its own: late.png"
        in site.pyinfra("deploy.py", "--dry").output
    )
    site.data["disposable"] = ["late.png"]
    assert site.plan() == ["Release | Keep the newest 2"]
