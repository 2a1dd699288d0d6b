"""The migrations that are yet to be applied."""

from django.core.management import call_command

from .reach import unreachable
from .sqlite import has_no_file


def main() -> None:
    """Print them, as `migrate --plan` does, or why they cannot be told."""
    if problem := unreachable():
        print(problem)
    # To look into a SQLite database that is not there would make it.
    elif has_no_file():
        print("All migrations: the database is not there yet.")
    else:
        call_command("migrate", plan=True, no_color=True)
