"""What else on a host may need what is about to go."""

from collections.abc import Sequence

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL = script(__file__, "named.sh")


class NamedInEtc(FactBase[list[str]]):
    """The files below /etc whose text has a path in one of some folders, such as a mail server's.

    Changes nothing. It reads all of /etc, so it is for a plan that is to remove those folders.
    """

    @staticmethod
    def default() -> list[str]:
        """What is known of a host that says nothing."""
        return []

    def command(self, folders: Sequence[str]) -> StringCommand:
        """Build the command."""
        return as_root(TELL, *folders)

    def process(self, output: list[str]) -> list[str]:
        """Take its lines."""
        return output
