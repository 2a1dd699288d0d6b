"""The migrations that have been applied, and have no way back."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .reach import main as ensure_reachable


def main() -> None:
    """Print their names, or end with 1 and say why the database cannot be asked."""
    ensure_reachable()
    loader = MigrationLoader(connection)
    for key in sorted(loader.applied_migrations):
        migration = loader.disk_migrations.get(key)
        if migration and not all(one.reversible for one in migration.operations):
            print("irreversible", ".".join(key))
