"""What the pages tell a person to type on a server works there, on one that has no sudo."""

import re
from pathlib import Path

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

README, SERVER, NIGHT = (
    REPOSITORY / name for name in ("README.md", "docs/server.md", "docs/at-night.md")
)
CHECK = {"command": "manage.py check", "when": "yearly"}
AUTH = """
INSTALLED_APPS += ["django.contrib.auth", "django.contrib.contenttypes"]
"""


def documented(page: Path, word: str) -> str:
    """The command of a page that has a word in it, for the sample project."""
    [line] = re.findall(rf"^    ((?!\.venv).*\b{word}\b.*)$", page.read_text(), re.MULTILINE)
    return str(line).replace("shop", "fooproject")


def rows(title: str) -> dict[str, str]:
    """The commands of one of the tables for the night, by what they are for; of the sample's."""
    text = NIGHT.read_text().partition(f"\n{title}")[2].partition("\n\n| what")[2]
    found = re.findall(r"^\| (.+) \| `(.+)` \|$", text.partition("\n\n")[0], re.MULTILINE)
    return {what: line.replace("shop", "fooproject") for what, line in found if "---" not in what}


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Controller:
    return Controller(tmp_path_factory.mktemp("plain"), lab, [lab.host("plain", base="bare")])


@pytest.fixture(scope="module")
def live(site: Controller) -> Host:
    """A Debian that was installed with a password for root, with a site that has users."""
    [host] = site.hosts
    site.data |= {"programs": {"worker": "sleep infinity"}, "schedules": {"check": CHECK}}
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


TOLD = {
    "tail -n 1 /var/log/fooproject/releases.log": '"result": "live"',
    "tail -n 100 /var/log/fooproject/gunicorn.log": "Booting worker",
    "ls -lt": "nginx.access.log",
    "manage shell": "Guestbook",
    "showmigrations": "[X] 0001_initial",
    "supervisorctl status": "RUNNING",
    "supervisorctl restart django": "django: started",
    "python3 -m switch": "",
    "supervisorctl restart worker": "worker: started",
    "systemctl start fooproject.schedule-": "System check identified no issues",
    "DUMP_TO": "",
}
"""What each command for the night tells, by a part of it."""


def test_each_command_for_the_night_does_on_a_server_what_its_row_says(live: Host) -> None:
    commands = [line for line in rows("On a server").values() if "fooproject-dump" not in line]
    assert len(commands) == len(TOLD)
    for (part, told), command in zip(TOLD.items(), commands, strict=True):
        assert part in command
        typed = "" if "DUMP_TO" in command else "import guestbook.models; print('Guestbook')\n"
        line = command.replace("NAME", "check")
        assert told in live.enter(f"cd /root; {line}", input=typed).stdout, line
        assert get(live, "/health").status == 200
    assert "SQLite format 3" in live.enter("head -c 15 /home/fooproject/now.dump").stdout
    # Others can pass through the home.
    assert live.enter("stat -c %a /home/fooproject/now.dump").stdout == "600\n"


@pytest.mark.long
def test_each_command_for_the_night_does_from_the_clone_what_its_row_says(
    site: Controller, live: Host
) -> None:
    (site.project() / "later.txt").touch()
    site.apply()
    statuses = []
    for command in rows("On the machine that deploys").values():
        *pyinfra, entry = re.split(r" (?=\w+\.py)", command, maxsplit=1)
        assert pyinfra == [".venv/bin/pyinfra ../servers/inventory.py"], command
        reads = entry == "status.py" or "--dry" in entry
        site.pyinfra(*entry.split(), *([] if reads else ["-y"]))
        statuses.append(get(live).status)
    assert statuses == [200, 200, 200, 503, 200, 200]
    assert site.plan() == []
