"""A site that moves to a new server, by the commands of the manual."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get
from tests.e2e.test_database import sign
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]


def steps() -> list[str]:
    """The commands of the section, in order."""
    page = (REPOSITORY / "docs" / "server.md").read_text()
    section = page.partition("\n## Moving to a new server\n")[2].partition("\n## ")[0]
    return re.findall(r"^ {4}(\S.*)$", section, re.M)


class Move:
    """Somebody who does as the manual says, and has the settings of both servers."""

    def __init__(self, old: Controller, new: Controller) -> None:
        self.sites = {"../servers-old/inventory.py": old, "../servers/inventory.py": new}
        self.places = {"OLD": old.hosts[0].address, "NEW": new.hosts[0].address}
        self.ssh = " ".join(old.hosts[0].ssh_argv()[1:-1])

    def follow(self, step: str) -> None:
        program, *words = step.split()
        if program == ".venv/bin/pyinfra":
            self.sites[words[0]].pyinfra(*words[1:], "-y")
        elif program in ("ssh", "scp"):
            for word, place in self.places.items():
                step = re.sub(rf"\b{word}\b", place, step)
            ours = "; ".join(
                f'{one}() {{ command {one} {self.ssh} "$@"; }}' for one in ("ssh", "scp")
            )
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", f"{ours}; {step}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{step}: {done.stderr}"
            if dumps := re.findall(r"^nightly-.*", done.stdout, re.M):
                self.places["DUMP"] = dumps[-1]
        else:
            assert step == "cp -r ../servers ../servers-old"


def upload(host: Host, path: str, text: str) -> None:
    """Leave what Django has saved for a visitor."""
    code = (
        "from django.core.files.base import ContentFile;"
        "from django.core.files.storage import default_storage;"
        f'default_storage.save("{path}", ContentFile(b"{text}"))'
    )
    host.enter(f"runuser -u fooproject -- /home/fooproject/fooproject/manage shell -c '{code}'")


def test_a_site_moves_as_the_manual_has_it(lab: Lab, tmp_path: Path) -> None:
    hosts = lab.hosts(2, prefix="move")
    sites = []
    for name, host in zip(("old", "new"), hosts, strict=True):
        (tmp_path / name).mkdir()
        site = Controller(tmp_path / name, lab, [host])
        site.groups = {"app": [host], "db": [host]}
        site.use_database()
        site.data |= {
            "shared": [],
            "media_root": "media",
            "programs": {"worker": "sleep infinity"},
            "schedules": {"tidy": {"command": "manage.py check", "when": "hourly"}},
        }
        sites.append(site)
    (old, new), (before, after) = hosts, sites
    before.apply()
    sign(old, "Edith")
    upload(old, "deep/er/a.txt", "an upload")
    move = Move(before, after)
    moving = [step for step in steps() if " remove.py" not in step]
    for step in moving:
        move.follow(step)
    assert get(old).status == 503
    assert "Edith" in get(new).text
    assert get(new, "/media/deep/er/a.txt").text == "an upload"
    assert "RUNNING" in new.enter("supervisorctl status worker").stdout
    assert after.plan() == []
    for step in steps()[len(moving) :]:
        move.follow(step)
    assert "fooproject" not in old.enter("ls -A /home /usr/local/lib").stdout
    assert old.enter("ls /var/backups/fooproject-left-*").stdout == "fooproject.dump\n"
    assert "Edith" in get(new).text
    for host in hosts:
        host.power_off()
