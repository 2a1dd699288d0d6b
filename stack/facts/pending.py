"""What a release that is on the host already would do to the database."""

import shlex
from pathlib import PurePosixPath

from pyinfra.api import FactBase

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

    def command(self, user: str, folder: PurePosixPath) -> str:
        """Build the command.

        Args:
            user: whom the project belongs to.
            folder: the release, with its virtualenv and environment.
        """
        words = ["runuser", "-u", user, "--", "env", "PYTHONDONTWRITEBYTECODE=1"]
        words += [f"{folder}/manage", "shell", "-c", SCRIPT]
        return f"cd / && {shlex.join(words)} 2>&1 || :"

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output
