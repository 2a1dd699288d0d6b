"""What the pages tell a person to type on a server works there, on one that has no sudo."""

import re
from pathlib import Path

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

README, SERVER = (REPOSITORY / name for name in ("README.md", "docs/server.md"))
AUTH = """
INSTALLED_APPS += ["django.contrib.auth", "django.contrib.contenttypes"]
"""


def documented(page: Path, word: str) -> str:
    """The command of a page that has a word in it, for the sample project."""
    [line] = re.findall(rf"^    ((?!\.venv).*\b{word}\b.*)$", page.read_text(), re.MULTILINE)
    return str(line).replace("shop", "fooproject")


@pytest.fixture(scope="module")
def live(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A Debian that was installed with a password for root, with a site that has users."""
    host = lab.host("plain", base="bare")
    site = Controller(tmp_path_factory.mktemp("plain"), lab, [host])
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write(AUTH)
    site.apply()
    assert get(host, "/health").status == 200
    assert host.enter("command -v sudo", check=False).returncode
    return host


@pytest.mark.parametrize("page", [README, SERVER], ids=lambda page: page.name)
def test_a_user_of_the_site_is_made_from_any_folder(live: Host, page: Path) -> None:
    command = documented(page, "createsuperuser")
    command += f" --noinput --username {page.stem} --email edith@fooproject.se"
    assert live.enter(f"cd /root; {command}").stdout == "Superuser created successfully.\n"
    again = live.enter(f"cd /; {command}", check=False)
    assert "That username is already taken" in again.stderr


def test_any_command_gets_the_environment_of_the_release(live: Host) -> None:
    command = documented(SERVER, "with-env").replace("import django", "import django; print(1 + 1)")
    for folder in ("/root", "/"):
        assert live.enter(f"cd {folder}; {command}").stdout == "2\n"


def test_root_is_told_what_to_put_before_it_and_nobody_else_gets_in(live: Host) -> None:
    for name in ("manage", "with-env"):
        command = f"/home/fooproject/fooproject/{name}"
        refused = live.enter(f"{command} true", check=False)
        before = refused.stderr.partition(": ")[2].strip()
        assert refused.returncode == 1
        assert before == "runuser -u fooproject --"
        refused = live.enter(f"{command} true", user="deployer", check=False)
        assert "Permission denied" in refused.stderr
