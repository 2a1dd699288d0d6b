"""Whether Nginx may read the uploads."""

from pyinfra.api import FactBase, StringCommand

from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

TELL_ACCESS = script(__file__, "media_access.sh")
SECONDS = 10


class MediaAccess(FactBase[bool]):
    """Read as the user; changes nothing."""

    def command(self, layout: Layout, media: str) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            media: the folder of the uploads, from the one of what is shared.
        """
        return told_by_user(layout, SECONDS, TELL_ACCESS, str(layout.shared), media)

    def process(self, output: list[str]) -> bool:
        """Whether it said so."""
        return output == ["open"]
