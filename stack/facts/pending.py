"""What a release that is on the host already would do to the database."""

import shlex
from collections.abc import Iterable
from pathlib import PurePosixPath

from pyinfra.api import FactBase

from stack.onhost import inside


class PendingMigrations(FactBase[list[str]]):
    """The migrations that are yet to be applied, as `manage.py migrate --plan` tells them.

    Changes nothing. Takes about a second, so it is for a plan that will migrate.
    """

    def command(self, user: str, folder: PurePosixPath, names: Iterable[str]) -> str:
        """Build the command.

        Args:
            user: whom the project belongs to.
            folder: the release, with its virtualenv and environment.
            names: of the variables in the setting `env`.
        """
        words = ["runuser", "-u", user, "--", "env", "PYTHONDONTWRITEBYTECODE=1"]
        words += [f"DECLARED={' '.join(names)}", f"{folder}/manage", "shell", "-c"]
        words.append(inside.code("reach", "pending"))
        return f"cd / && {shlex.join(words)} 2>&1 || :"

    def process(self, output: list[str]) -> list[str]:
        """The lines as they are."""
        return output
