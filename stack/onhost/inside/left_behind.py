"""What the live release has that going back would leave behind."""

import json

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .data import data
from .reach import main as ensure_reachable
from .sqlite import has_no_file


def main() -> None:
    """Print where its data is, and which of the migrations that have been applied have no way back.

    Ends with 1, and says why, where the database cannot be asked.
    """
    ensure_reachable()
    print("data", json.dumps(data()))
    if has_no_file():
        return
    loader = MigrationLoader(connection)
    for key in sorted(loader.applied_migrations):
        migration = loader.disk_migrations.get(key)
        if migration and not all(one.reversible for one in migration.operations):
            print("irreversible", ".".join(key))
