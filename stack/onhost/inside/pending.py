"""The migrations that are yet to be applied."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection

from .reach import unreachable


def main() -> None:
    """Print them, as `migrate --plan` does, or why they cannot be told."""
    # To look into a SQLite database that is not there would make it.
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        print("All migrations: the database is not there yet.")
    elif problem := unreachable():
        print(problem)
    else:
        call_command("migrate", plan=True, no_color=True)
