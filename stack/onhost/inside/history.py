"""What the database knows of the project's migrations."""

from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class History(NamedTuple):
    """How far the database is."""

    is_new: bool
    """None of the project's migrations was ever applied to it."""
    is_behind: bool
    """Some are to be applied."""


def history() -> History | None:
    """None where it cannot be told: whatever needs the database will tell why."""
    try:
        executor = MigrationExecutor(connection)
        known = executor.loader.graph
        is_behind = bool(executor.migration_plan(known.leaf_nodes()))
        nodes = {*known.nodes}
        return History(
            bool(nodes) and nodes.isdisjoint(executor.loader.applied_migrations), is_behind
        )
    except Exception:  # a project's database backend may raise anything
        return None


def has_no_file() -> bool:
    """Whether it is a file of SQLite's that is not there: asking for its history would make it."""
    return (
        connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists()
    )
