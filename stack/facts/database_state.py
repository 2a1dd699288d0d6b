"""All that a plan needs to know of a database's host, in one command."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api import FactBase, StringCommand

from stack.database.leaving import ORIGINALS
from stack.database.observation import Server
from stack.facts.database_parsing import parse
from stack.settings.database import PORT
from stack.shell.scripts import as_root, script

TELL = script(__file__, "database_state.sh", "entries.sh", "sql.sh")


@dataclass(frozen=True)
class DatabaseScope:
    """What to read of a database's host."""

    name: str
    """The database's, and its role's."""
    timer: str
    """The name of the dump's units, without suffix."""
    paths: Sequence[str]
    """What root owns, absolute."""
    dumps: str
    """The folder of the dumps."""

    def __str__(self) -> str:
        """Short, since pyinfra prints it when a host cannot be read."""
        return self.name


class DatabaseState(FactBase[Server]):
    """PostgreSQL on a host at one moment: its files and units, and what it says of itself.

    One command, about 0.2 s, which changes nothing. Needs root.
    """

    def command(self, scope: DatabaseScope) -> StringCommand:
        """Build the command."""
        return as_root(
            TELL, scope.name, str(PORT), scope.timer, scope.dumps, ORIGINALS, *scope.paths
        )

    def process(self, output: list[str]) -> Server:
        """Read the command's records."""
        return parse(output)
