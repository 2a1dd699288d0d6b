"""Releases: where the code comes from, what is built, and what outlives them."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller, Run
from tests.e2e.faults import assert_told
from tests.e2e.http import get, post, release_at, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

HOME = "/home/fooproject"
LIVE = f"{HOME}/fooproject"
UV = Path(sys.executable).with_name("uv")
PYPROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.11"
dependencies = ["django==5.2.*", "gunicorn>=23", "{package}"]
"""


def git(folder: Path, *words: str) -> str:
    who = {
        f"GIT_{role}_{what}": "tests@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    clean = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **who, **clean},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path) -> str:
    """Commit everything; the first digits that a release's name begins with."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "tests")
    return git(folder, "rev-parse", "HEAD")[:12]


def change_page(project: Path, title: str) -> None:
    page = project / "guestbook" / "templates" / "guestbook" / "index.html"
    page.write_text(re.sub("<h1>.*</h1>", f"<h1>{title}</h1>", page.read_text()))


def require(project: Path, package: str) -> None:
    with (project / "requirements.txt").open("a") as file:
        file.write(f"{package}\n")


def releases(host: Host) -> set[str]:
    return set(host.enter(f"ls {HOME}/releases").stdout.split())


def virtualenv_of(host: Host, release: str = "") -> str:
    folder = f"{HOME}/releases/{release}" if release else LIVE
    return host.enter(f"readlink -f {folder}/virtualenv").stdout.strip()


def installed(host: Host) -> set[str]:
    return set(host.enter(f"{LIVE}/virtualenv/bin/pip freeze", user="fooproject").stdout.split())


# Sources


@pytest.mark.long
def test_a_commit_of_a_folder_in_a_repository_is_a_release(site: Controller, web: Host) -> None:
    before = release_at(web)
    same_virtualenv = virtualenv_of(web)
    repository = site.folder / "repository"
    backend = site.project("repository/backend/site")
    # The requirements lie above the folder that holds manage.py.
    (backend / "requirements.txt").rename(repository / "requirements.txt")
    site.data |= {"source": str(repository), "src": "backend/site"}

    first = commit(repository)
    site.apply()
    first_release = release_at(web)
    assert first_release.startswith(first)
    assert site.plan() == []

    change_page(backend, "The second")
    # What is not committed is not deployed.
    assert site.plan() == []
    second = commit(repository)
    site.apply()
    second_release = release_at(web)
    assert second_release.startswith(second)
    assert "The second" in get(web).text
    assert {before, first_release, second_release} <= releases(web)
    assert virtualenv_of(web, first_release) == virtualenv_of(web) == same_virtualenv

    site.data["revision"] = first
    # Going back builds nothing anew.
    [back] = site.plan()
    assert first_release in back


def test_one_commit_is_one_release_wherever_it_is_cloned_from(
    deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(deployed_web)
    project = site.project()
    version = commit(project)
    git(site.folder, "clone", "-q", "--bare", str(project), "bare.git")
    bare = site.folder / "bare.git"
    found: set[str] = set()
    for source in (project, bare, f"file://{bare}"):
        site.data["source"] = str(source)
        found |= set(re.findall(rf"{version}-\w+", " ".join(site.plan())))
    assert len(found) == 1


def test_a_copy_of_a_plain_folder_is_the_same_release(site: Controller) -> None:
    site.project("a copy of another name")
    assert site.plan() == []


# Dependencies


@pytest.mark.long
@pytest.mark.parametrize("requirements", ["pyproject.toml", "uv.lock"])
def test_dependencies_come_from_what_the_project_has(
    site: Controller, web: Host, requirements: str
) -> None:
    project = site.project()
    (project / "requirements.txt").unlink()
    # Locked while it may be no newer than 3.6, installed when it may.
    text = PYPROJECT.format(package="idna<3.7")
    if requirements == "uv.lock":
        # pytest-cov wants coverage[toml], which Debian 12's pip takes for another that has no hash.
        # Gunicorn is added, with what it needs.
        text = text.replace('"gunicorn>=23"', '"pytest-cov", "coverage<7.12"')
    (project / "pyproject.toml").write_text(text)
    if requirements == "uv.lock":
        # It names files of the registry, by their digests.
        web.enter("sed -i '/^no-index/d' /etc/pip.conf")
        subprocess.run([UV, "lock", "-q"], cwd=project, check=True, timeout=60)
        lock = (project / "uv.lock").read_text()
        (version,) = re.findall(r'name = "idna"\nversion = "(.*)"', lock)
    site.data["requirements"] = requirements
    site.apply()
    found = {line.partition("==")[0].lower(): line for line in installed(web)}
    assert {"django", "gunicorn", "idna"} <= set(found)
    if requirements == "uv.lock":
        assert {"coverage", "packaging", "pytest-cov"} <= set(found)
        assert found["idna"] == f"idna=={version}"
    assert get(web).status == 200
    assert site.plan() == []


@pytest.mark.long
def test_a_virtualenv_of_which_the_building_was_cut_is_never_used(
    site: Controller, web: Host
) -> None:
    before, virtualenv = release_at(web), virtualenv_of(web)
    require(site.project(), "idna<3.7")
    runs: list[Run] = []
    deploy = threading.Thread(target=lambda: runs.append(site.apply(check=False)))
    deploy.start()
    # It has all that a check for a virtualenv may look for, but not what is required.
    half = f"ls -d {HOME}/.virtualenvs/.*/bin/pip | grep -v {virtualenv}"
    wait_for("half a virtualenv", lambda: web.enter(half, check=False).returncode == 0, 60)
    wait_for("pip's start", lambda: web.enter(PIP, check=False).returncode == 0, 60)
    assert kill(web, "requirements-to-install")  # pip, and the script that would clear up
    deploy.join()
    assert runs[0].returncode != 0
    assert release_at(web) == before
    assert web.enter(half).stdout.count("\n") == 1

    site.apply()
    assert release_at(web) != before
    assert virtualenv_of(web) != virtualenv
    assert any(line.startswith("idna==") for line in installed(web))
    assert virtualenv_of(web, before) == virtualenv
    web.enter(f"{virtualenv}/bin/python -c 'import django'")
    assert site.plan() == []


PIP = "pgrep -u fooproject -f 'bin/pip install'"


def kill(host: Host, command: str) -> bool:
    return host.enter(f"pkill -9 -u fooproject -f '{command}'", check=False).returncode == 0


# What outlives a release, and what does not


def test_shared_paths_outlive_releases(site: Controller, web: Host) -> None:
    project = site.project()
    site.data["shared"] = ["data", "media"]
    change_page(project, "The first")
    site.apply()
    entry = json.dumps({"token": "kept", "text": "still here"}).encode()
    assert post(web, "/api/entries", entry, Content_Type="application/json").status == 201
    web.enter(f"echo picture > {LIVE}/src/media/one.txt", user="fooproject")

    change_page(project, "The second")
    site.apply()
    assert "The second" in get(web).text
    assert "still here" in get(web).text
    assert get(web, "/api/entries/count?prefix=kept").json == {"count": 1}
    assert web.enter(f"cat {LIVE}/src/media/one.txt").stdout == "picture\n"


@pytest.mark.long
def test_old_releases_go_and_the_live_one_stays(site: Controller, web: Host) -> None:
    site.data["keep_releases"] = 2
    served = [release_at(web)]
    for number in ("1", "2"):
        site.data["env"] = {"SECRET_KEY": "any", "TEST_NUMBER": number}
        site.apply()
        served.append(release_at(web))
    assert len(set(served)) == 3
    assert releases(web) == set(served[1:])
    assert site.plan() == []


# Other settings


@pytest.mark.long
def test_what_django_warns_of_is_shown_and_is_no_obstacle(site: Controller, web: Host) -> None:
    before = release_at(web)
    (site.project() / "new.txt").write_text("new")
    told = site.pyinfra("deploy.py", "-y").output
    assert "(security.W004) You have not set a value for the SECURE_HSTS_SECONDS" in told
    assert release_at(web) != before


@pytest.mark.matrix
def test_static_files_are_left_alone_when_told_so(site: Controller, web: Host) -> None:
    site.data["collectstatic"] = False
    site.apply()
    assert web.enter(f"test -e {LIVE}/src/static", check=False).returncode == 1
    assert get(web, "/health").status == 200
    assert site.plan() == []


@pytest.mark.matrix
def test_migrations_are_left_alone_when_told_so(site: Controller, web: Host) -> None:
    def is_applied() -> bool:
        command = f"{LIVE}/manage showmigrations guestbook"
        return "[X] 0002_more" in web.enter(command, user="fooproject").stdout

    migration = site.project() / "guestbook" / "migrations" / "0002_more.py"
    migration.write_text(
        "from django.db import migrations\n\n\n"
        "class Migration(migrations.Migration):\n"
        '    dependencies = [("guestbook", "0001_initial")]\n'
    )
    site.data["migrate"] = "off"
    site.apply()
    assert not is_applied()
    assert site.plan() == []

    site.data["migrate"] = "each"
    [left] = site.plan()
    assert "Migrate" in left
    site.apply()
    assert is_applied()


def test_one_migration_for_all_is_refused_where_each_has_a_database(
    lab: Lab, site: Controller, web: Host, controller: Callable[..., Controller]
) -> None:
    other = lab.host("release2", layer=DEPLOYED)
    wait_for("the other site", lambda: get(other, "/health").status == 200)
    before = release_at(web)
    both = controller(web, other)
    both.data["migrate"] = "once"
    both.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": "sqlite:///data/db.sqlite3"}
    refused = both.pyinfra("deploy.py", "--dry", check=False)
    assert refused.returncode != 0
    assert 'migrate = "each"' in refused.output

    # Where the settings do not tell, the first host finds out before anything is switched.
    both.data["env"] = {"SECRET_KEY": "any"}
    refused = both.apply(check=False)
    assert refused.returncode != 0
    assert 'set migrate = "each"' in refused.output
    assert release_at(web) == release_at(other) == before
    other.power_off()


def test_a_socket_that_gunicorn_cannot_make_is_refused_before_anything_is_switched(
    site: Controller, web: Host
) -> None:
    before = release_at(web)
    site.data["bind"] = "unix:/run/shop.sock"
    why = 'bind = "unix:/run/shop.sock": fooproject cannot create a socket in /run; set bind'
    assert f"This will fail: {why}" in site.pyinfra("deploy.py", "--dry").output
    run = site.apply(check=False)
    assert run.returncode == 1
    assert run.output.count(why) == 1
    assert "Permission denied" not in run.output
    assert release_at(web) == before
    assert before in web.enter("tail -n 1 /var/log/fooproject/releases.log").stdout


@pytest.mark.long
def test_gunicorn_may_listen_on_a_socket(site: Controller, web: Host) -> None:
    site.data["bind"] = f"unix:{HOME}/gunicorn.sock"
    site.apply()
    assert get(web).status == 200
    assert web.enter("ss -Hlnt sport = :8000").stdout == ""
    assert site.plan() == []


@pytest.mark.long
def test_another_project_has_names_of_its_own(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("blog")
    site = controller(host)
    site.data |= {
        "project": "blog",
        "program": "web",
        "wsgi": "fooproject.wsgi:application",
        "server_name": ["blog.example.com", "www.blog.example.com"],
        "user_group": "blog",
        "user_groups": ["nogroup"],
        "workers": 2,
    }
    host.enter("groupadd blog")
    site.data["env"] = {"SECRET_KEY": "any", "ALLOWED_HOSTS": "blog.example.com"}
    site.apply()
    assert get(host, Host="blog.example.com").status == 200
    status = "supervisorctl status"
    assert re.match(r"web +(RUNNING|STARTING)", host.enter(status, user="blog", check=False).stdout)
    assert host.enter("id -Gn blog").stdout.split() == ["blog", "nogroup"]
    assert host.enter("readlink -f /home/blog/logs").stdout == "/var/log/blog\n"
    workers = host.enter("pgrep -u blog -f 'bin/gunicorn .*-w 2' | wc -l").stdout
    assert workers == "3\n"
    assert host.enter("su - blog", input="workon blog && echo $?\n").stdout.endswith("0\n")
    assert site.plan() == []
    host.power_off()


def test_a_health_page_that_what_is_live_does_not_have_is_refused(
    web: Host, site: Controller
) -> None:
    site.data["health_path"] = "/nowhere"
    assert_told(site.apply(check=False), "/nowhere answers 404")
    assert site.plan() == ["Release | Keep the script that puts releases live"]
    site.data["health_path"] = "/health"
    assert site.plan() == []
    site.data["health_path"] = "/"
    site.apply()
    assert site.plan() == []
