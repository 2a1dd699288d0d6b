"""What is in the files of a release that a host has."""

import json
import re
from pathlib import PurePosixPath

from pyinfra.api import FactBase, StringCommand

from stack import onhost
from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

TELL_DIGESTS = script(__file__, "release_files.sh")
SECONDS = 30
LINE = re.compile(r'([0-9a-f]{64}) (".*")')


class ReleaseFiles(FactBase[dict[str, str]]):
    """Paths from the folder, by the SHA-256 of what is there. Read as the user; changes nothing."""

    def command(
        self, layout: Layout, folder: PurePosixPath, smallest: int, most: int
    ) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            folder: where a release has its source.
            smallest: the bytes of the smallest file that is told of.
            most: how many bytes are read in all.
        """
        words = (onhost.script("digests"), str(folder), str(smallest), str(most))
        return told_by_user(layout, SECONDS, TELL_DIGESTS, *words)

    def process(self, output: list[str]) -> dict[str, str]:
        """Read the lines; one that was cut is passed over, and what none tells of is sent."""
        found = {}
        for line in output:
            if told := LINE.fullmatch(line):
                try:
                    path = json.loads(told[2])
                except ValueError:
                    continue
                found[told[1]] = path
        return found
