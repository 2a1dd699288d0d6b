"""Why a project cannot go back to an earlier release."""

from pyinfra.api import FactBase, StringCommand

from stack.project.layout import Layout
from stack.shell.account import as_user
from stack.shell.scripts import script

TELL = script(__file__, "no_way_back.sh", "way_back.sh", "last_lines.sh")


class NoWayBack(FactBase[list[str]]):
    """What a rollback will be refused with, in lines; none where it will not.

    Changes nothing. Takes about a second, so it is for the plan of a rollback.
    """

    @staticmethod
    def default() -> list[str]:
        """What is known of a host that says nothing."""
        return []

    def command(self, layout: Layout, live: str, earlier: str) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            live: the live release's name in ~/releases.
            earlier: that of the other one.
        """
        return as_user(layout, TELL, *(str(layout.releases / name) for name in (live, earlier)))

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output
