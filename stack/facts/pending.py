"""What a release that is on the host already would do to the database."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from pyinfra.api import FactBase, StringCommand

from stack.onhost import inside
from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

SECONDS = 300
SHOW = script(__file__, "show_pending.sh", "in_django.sh", "last_lines.sh")


class PendingMigrations(FactBase[list[str]]):
    """The migrations that are yet to be applied, as `manage.py migrate --plan` tells them.

    Changes nothing. Takes about a second, so it is for a plan that will migrate.
    """

    @staticmethod
    def default() -> list[str]:
        """What is known of a host that says nothing."""
        return [f"Its migrations were not told within {SECONDS} s, or their telling was ended."]

    def command(self, layout: Layout, folder: PurePosixPath, names: Iterable[str]) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            folder: the release, with its virtualenv and environment.
            names: of the variables in the setting `env`.
        """
        code = inside.code("sqlite", "reach", "pending")
        return told_by_user(layout, SECONDS, SHOW, str(folder), code, " ".join(names))

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output
