"""The full version of an interpreter of a host's own."""

import re

from pyinfra.api import FactBase, StringCommand

from stack.shell.account import IN_TIME
from stack.shell.scripts import as_root, run_by, script

TELL_VERSION = script(__file__, "python_version.sh")
SECONDS, MOST_BYTES = "10", "100"


class PythonVersion(FactBase[str]):
    """As "3.11.2"; empty when it does not tell. A plan needs it for few projects alone."""

    def command(self, python: str) -> StringCommand:
        """Build the command.

        Args:
            python: a name or an absolute path on the host.
        """
        return run_by(IN_TIME, SECONDS, MOST_BYTES, command=as_root(TELL_VERSION, python))

    def process(self, output: list[str]) -> str:
        """Take the version, and nothing that is none."""
        told = "".join(output).strip()
        return told if re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", told) else ""
