"""What the database knows of the project's migrations."""

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
    """How far the database is; None where that cannot be told, as what needs it will explain."""
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
