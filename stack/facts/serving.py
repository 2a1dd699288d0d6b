"""What a host serves right now, by asking it."""

import json
from dataclasses import dataclass

from pyinfra.api import FactBase, StringCommand

from stack import onhost
from stack.host.printable import printable
from stack.shell.scripts import as_root, script

# By the host's own script, which knows Gunicorn's address.
ASK = onhost.script("serving")
SCRIPT = script(__file__, "serving.sh")


@dataclass(frozen=True)
class ServingState:
    """How a host is doing."""

    trouble: str = "it cannot be asked: its script is not there, or failed"
    """What is wrong with the health page; empty when it is fine."""
    supervisor_answers: bool | None = None
    """Whether supervisord does; None when that cannot be told, as with the sizes below."""
    unreached: tuple[str, ...] = ()
    """What visitors get in place of a file that was collected, for each address."""
    used_bytes: int | None = None
    """On disk, by releases and virtualenvs."""
    free_bytes: int | None = None
    """On the disk of the home."""


class Serving(FactBase[ServingState]):
    """The health of the site, supervisord and the disk: one command, which changes nothing."""

    def command(self, library: str) -> StringCommand:
        """Build the command.

        Args:
            library: the folder of the project's scripts on the host.
        """
        return as_root(SCRIPT, library, ASK)

    def process(self, output: list[str]) -> ServingState:
        """Read the command's JSON."""
        told = json.loads(output[-1])
        # The site's own words are in it.
        unreached = tuple(map(printable, told["unreached"]))
        trouble = printable(told["trouble"])
        return ServingState(**{**told, "trouble": trouble, "unreached": unreached})

    @staticmethod
    def default() -> ServingState:
        """A host that cannot tell: without the project, or with an earlier version's scripts."""
        return ServingState()
