"""What is written down on a host of other projects, to know later whether it still is."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

OTHERS_WRITTEN = script(__file__, "others_written.sh", "other_projects.sh")


class OthersWritten(FactBase[str]):
    """A digest of all that is written down of other projects on the host."""

    def command(self, user: str) -> StringCommand:
        """Build the command.

        Args:
            user: that of this project.
        """
        return as_root(OTHERS_WRITTEN, user)

    def process(self, output: list[str]) -> str:
        """Take its one line."""
        return "".join(output)
