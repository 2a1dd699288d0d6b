"""What a site that was made by hand has of what is to be shared."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api import FactBase, StringCommand

from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

TELL = script(__file__, "unshared.sh")
SECONDS = 60


@dataclass(frozen=True)
class Unshared:
    """A path of the setting `shared` which a site has in its own folder alone."""

    how: str
    """How it gets to what is shared: `move`, `copy` or `link`."""
    folder: str
    """Where manage.py may be, from the site's folder."""
    path: str
    """From there."""


class UnsharedPaths(FactBase[list[Unshared] | None]):
    """Those of a folder in ~/PROJECT's place; None where that was not read to its end.

    Read as the user, who may end it; changes nothing.
    """

    @staticmethod
    def default() -> list[Unshared] | None:
        """What is known of a host that says nothing."""
        return None

    def command(
        self, layout: Layout, folders: Sequence[str], shared: Sequence[str]
    ) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            folders: where manage.py may be, from the site's folder.
            shared: paths from there, of which a release has links in place.
        """
        words = (str(layout.live), str(layout.shared), "\n".join(folders))
        return told_by_user(layout, SECONDS, TELL, *words, *shared)

    def process(self, output: list[str]) -> list[Unshared] | None:
        """Read the lines, which may say anything."""
        if output[-1:] != ["end"]:
            return None
        rows = [line.split(" ") for line in output[:-1]]
        return [Unshared(*row) for row in rows if len(row) == 3]
