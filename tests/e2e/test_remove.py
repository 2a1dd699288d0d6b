"""A project leaves: nothing of it is left but what is stated, and no neighbour notices."""

import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller, Run
from tests.e2e.fingerprint import difference, fingerprint
from tests.e2e.http import get, post, release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.test_sites import SETTINGS, SHOP
from tests.lab import Host, Lab

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


def test_nothing_is_left_but_what_is_stated(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("leaving")
    before = fingerprint(host)
    site = controller(host)
    site.data["programs"] = {"beat": "sleep 1000"}
    site.data["schedules"] = {"say": {"command": "true", "when": "hourly"}}
    site.apply()
    assert removed_as_planned(site)[0] == "Nginx | Serve fooproject.se no longer"
    left = difference(before, fingerprint(host))
    assert [line for line in left if not any(re.match(one, line) for one in STATED)] == []
    assert "/home/fooproject/shared/data/db.sqlite3" in str(left)
    # He is in no group by which he would control anything.
    assert host.enter("id -Gn fooproject").stdout == "users fooproject\n"
    assert removed_as_planned(site, *EVERYTHING) == [
        "User | Remove fooproject and his home",
        "Data | Remove logs and dumps",
    ]
    left = difference(before, fingerprint(host))
    assert [line for line in left if not line.startswith("package ")] == []
    host.power_off()


@pytest.fixture(scope="module")
def both(lab: Lab, deployed_web: Host) -> Iterator[Host]:
    """A host with one project, to which a second has come."""
    host = lab.host("two-leaving", layer=DEPLOYED)
    wait_for("the site is up", lambda: release_at(host))
    yield host
    host.power_off()


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


def test_the_last_dump_outlives_everything(
    lab: Lab, controller: Callable[..., Controller], tmp_path_factory: pytest.TempPathFactory
) -> None:
    host = lab.host("leaving-db")
    # What PostgreSQL is without anybody who deploys.
    host.enter("DEBIAN_FRONTEND=noninteractive apt-get install -qy postgresql > /dev/null 2>&1")
    before = fingerprint(host)
    site = controller(host)
    site.groups = {"app": [host], "db": [host]}
    site.use_database()
    site.apply()
    entry = json.dumps({"token": "Edith", "text": "Edith"}).encode()
    assert post(host, "/api/entries", entry, Content_Type="application/json").status == 201
    assert "Database | Let in nobody from elsewhere, and dump no more" in removed_as_planned(site)
    assert "127.0.0.1:5432" in host.enter("ss -Hltn").stdout
    select = (
        "cd /; runuser -u postgres -- psql -XAtqc 'SELECT text FROM guestbook_entry' fooproject"
    )
    assert host.enter(select).stdout == "Edith\n"
    planned = plan(site, *EVERYTHING)
    done = remove(site, *EVERYTHING)
    assert done.changed == planned
    assert "Database | Write a last dump of fooproject, and drop it" in planned
    [dump] = re.findall(r"The last dump of the database fooproject: (\S+)", done.output)
    assert "Edith" in host.enter(f"pg_restore --file=- {dump}").stdout
    assert plan(site, *EVERYTHING) == []
    left = difference(before, fingerprint(host))
    stated = (
        "package ",
        f"path {dump.rpartition('/')[0]}",
        "path /var/lib/postgresql/",
        "path /var/log/",
    )
    assert [line for line in left if not line.startswith(stated)] == []
    host.power_off()
