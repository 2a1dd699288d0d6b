"""Why a project cannot go back to an earlier release."""

from collections.abc import Sequence

from pyinfra.api import FactBase, StringCommand

from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

SECONDS = 300
TELL = script(__file__, "no_way_back.sh", "way_back.sh", "in_django.sh", "last_lines.sh")


class NoWayBack(FactBase[list[str]]):
    """What a rollback will be refused with, in lines; none where it will not.

    Changes nothing. Takes about a second, so it is for the plan of a rollback.
    """

    @staticmethod
    def default() -> list[str]:
        """What is known of a host that says nothing."""
        return [f"Whether it can was not told within {SECONDS} s, or its telling was ended."]

    def command(self, layout: Layout, words: Sequence[str]) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            words: what the script wants to know (stack.commands.release.way_back).
        """
        return told_by_user(layout, SECONDS, TELL, *words)

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output[:-1] if output[-1:] == ["end"] else [*output, *self.default()]
