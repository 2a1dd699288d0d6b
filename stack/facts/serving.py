"""What a host serves right now, by asking it."""

import json
import shlex
from dataclasses import dataclass

from pyinfra.api import FactBase

# Asks by the host's own script, which knows Gunicorn's address.
SCRIPT = r"""
cd @library@ && python3 -B -c '
import json, os, shutil
from pathlib import Path
from switch.gunicorn import workers
from switch.health import trouble_at
from switch.host import Host
host = Host.read(Path("switch.json"))
used = sum(
    entry.stat(follow_symlinks=False).st_blocks * 512
    for folder in ("releases", ".virtualenvs")
    for path, _, names in os.walk(host.home / folder)
    for entry in os.scandir(path)
)
print(json.dumps({
    "trouble": trouble_at(host, host.bind),
    "workers": workers(host),
    "used_bytes": used,
    "free_bytes": shutil.disk_usage(host.home).free,
}))'
"""


@dataclass(frozen=True)
class ServingState:
    """How a host does."""

    trouble: str = "it cannot be asked: its script is not there, or failed"
    """What is wrong with the health page; empty when it is fine."""
    workers: int = 0
    used_bytes: int = 0
    """On disk, by releases and virtualenvs."""
    free_bytes: int = 0
    """On the disk of the home."""


class Serving(FactBase[ServingState]):
    """The health of the site, its workers and its disk: one command, which changes nothing."""

    def command(self, library: str) -> str:
        """Build the command.

        Args:
            library: the folder of the project's scripts on the host.
        """
        return SCRIPT.strip().replace("@library@", shlex.quote(library))

    def process(self, output: list[str]) -> ServingState:
        """Read the command's JSON."""
        return ServingState(**json.loads(output[-1]))

    @staticmethod
    def default() -> ServingState:
        """A host without the project."""
        return ServingState()
