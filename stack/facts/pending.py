"""What a release that is on the host already would do to the database."""

from pathlib import PurePosixPath

from pyinfra.api import FactBase, StringCommand

from stack.commands.account import as_user
from stack.commands.telling import LAST_LINES
from stack.project import Project

SHOW = (
    LAST_LINES
    + r"""
last_lines env PYTHONDONTWRITEBYTECODE=1 "$1/manage" shell -c "$2" 2> /dev/null || :
printf '%s\n' "$told"
"""
)

# To look into a SQLite database that is not there would make it.
SCRIPT = """
import os
from django.core.management import call_command
from django.db import connection
if connection.vendor == "sqlite" and not os.path.exists(connection.settings_dict["NAME"]):
    print("All migrations: the database is not there yet.")
else:
    call_command("migrate", plan=True, no_color=True)
"""


class PendingMigrations(FactBase[list[str]]):
    """The migrations that are yet to be applied, as `manage.py migrate --plan` tells them.

    Changes nothing. Takes about a second, so it is for a plan that will migrate.
    """

    def command(self, project: Project, folder: PurePosixPath) -> StringCommand:
        """Build the command.

        Args:
            project: what owns it.
            folder: the release, with its virtualenv and environment.
        """
        return as_user(project, SHOW, str(folder), SCRIPT)

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output
