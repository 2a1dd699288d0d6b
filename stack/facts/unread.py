"""What Nginx reads, and could not with another nginx.conf."""

from collections.abc import Sequence

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL_UNREAD = script(__file__, "unread.sh", "apart.sh", "nginx_apart.sh")


class UnreadByNginx(FactBase[list[str]]):
    """Nginx's words about each file that it could not read any more; none when it could.

    Changes nothing. It is for a plan that replaces nginx.conf: most do not.
    """

    @staticmethod
    def default() -> list[str]:
        """What is known of a host that says nothing."""
        return []

    def command(self, text: str, without: Sequence[str]) -> StringCommand:
        """Build the command.

        Args:
            text: of the other nginx.conf.
            without: paths of Nginx's files that do not count.
        """
        return as_root(TELL_UNREAD, text, "\n".join(without))

    def process(self, output: list[str]) -> list[str]:
        """Take its lines."""
        return list(output)
