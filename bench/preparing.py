"""What contenders are given: releases, the system's files, and hosts."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from jinja2 import Template

from bench.contenders.contender import (
    CONTENDERS,
    Contender,
    Release,
    ansible,
    by_hand,
    ours,
    stock,
)
from bench.contenders.tools import Tools
from bench.measuring import REPOSITORY
from stack.host.files import Declared, File
from stack.project.packages import app_packages
from tests.lab import Host, Lab
from tests.lab.recipe import WHEELS
from tests.unit.hosts import sample_target

HOSTS = 3
HEADING = "<h1>Guestbook"
SECRET = "made-up-for-the-bench"  # noqa: S105 - it is
# As if the lists of packages had been fetched a moment ago, as apt, Ansible and pyinfra know it.
FRESHEN = """
mkdir -p /var/lib/apt/periodic
touch /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists
"""
OFFLINE = f"[global]\nno-index = true\nfind-links = {WHEELS}\n"
FRESH = "fresh"
"""The snapshot of the bare host."""


@dataclass(frozen=True)
class Preparation:
    """A folder with what all are given."""

    folder: Path

    def release(
        self, name: str, title: str, change: Callable[[Path], None] | None = None
    ) -> Release:
        """Another version of the sample project: its page has another title.

        `change` is given the folder of its source.
        """
        source = self.folder / "sources" / title.replace(" ", "-")
        if not source.exists():
            made = shutil.ignore_patterns("__pycache__", "/data", "/media")
            shutil.copytree(REPOSITORY / "tests" / "project", source, ignore=made)
            page = source / "guestbook" / "templates" / "guestbook" / "index.html"
            page.write_text(page.read_text().replace(f"{HEADING}</h1>", f"<h1>{title}</h1>"))
            if change:
                change(source)
        archive = self.folder / "archives" / f"{name}.tar.gz"
        archive.parent.mkdir(exist_ok=True)
        subprocess.run(["tar", "-czf", archive, "-C", source, "."], check=True)
        return Release(name, source, title)

    def files(self) -> Path:
        """The system's files as we have them, for the others to put in place."""
        declared = sample_target().files
        folder = self.folder / "files"
        its = (declared.login, declared.logs, declared.supervisor, declared.nginx, declared.site)
        write_files(folder, chain.from_iterable(its))
        return folder

    def data(self) -> Mapping[str, object]:
        """What the others' inventories have."""
        settings = sample_target().settings
        return {
            "project": settings.project,
            "server_name": settings.server_name[0],
            "packages": list(app_packages(settings)),
            "secret_key": SECRET,
            "files": str(self.files()),
            "archives": str(self.folder / "archives"),
        }

    def contenders(
        self, name: str, lab: Lab, tools: Tools, whose: Mapping[str, Sequence[Host]]
    ) -> list[Contender]:
        """All of them, each over its own of the hosts, with inventories of that name."""
        folder = self.folder / name
        folder.mkdir()
        data = self.data()
        program = folder / "program.conf"
        program.write_text(
            Template((CONTENDERS / "templates" / "program.conf.j2").read_text()).render(
                data, release="RELEASE"
            )
        )
        return [
            *ours(folder / "ours.py", lab, whose["ours"]),
            *ansible(folder, tools, lab, whose["ansible"], data),
            stock(folder / "stock.py", tools, lab, whose["stock"], data),
            by_hand(whose["hand"][0], data, program),
        ]


def write_files(folder: Path, declared: Iterable[Declared]) -> None:
    """Put files below a folder, each by its path on a host."""
    for file in declared:
        if isinstance(file, File):
            path = folder / file.path.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.content)


def bare_host(lab: Lab, ready: Host) -> Host:
    """A host on which nothing is installed yet; the wheels of a ready one save it the network."""
    host = lab.host("bare1", base="bare")
    # Mitogen cannot load what Ansible's module installs for itself meanwhile; some of the others
    # become another user by sudo.
    host.enter("DEBIAN_FRONTEND=noninteractive apt-get install -qq python3-apt sudo", timeout=120)
    host.enter(FRESHEN)
    wheels = WHEELS.lstrip("/")
    shutil.copytree(ready.root / wheels, host.root / wheels)
    host.write("/etc/pip.conf", OFFLINE)
    host.snapshot(FRESH)
    return host
