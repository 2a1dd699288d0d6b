"""Migrates the database, and writes a dump of it before: all in one start of Django."""

import os
import runpy
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    """Apply what is to be applied; its lines are those of `migrate`."""
    if os.environ["SEVERAL_HOSTS"] and connection.vendor == "sqlite":
        sys.exit('Every host has a SQLite database of its own: set migrate = "each".')
    is_first, is_behind = _found()
    if is_first:
        Path(os.environ["FIRST"]).touch()
    if is_behind and "DUMP_TO" in os.environ:
        runpy.run_path(os.environ["DUMP_BY"])
    is_checked = (Path(os.environ["RELEASE_FOLDER"]) / ".checked").exists()
    # A check that failed for want of the migrations would keep them from being applied.
    call_command("migrate", interactive=False, no_color=True, skip_checks=not is_checked)


def _found() -> tuple[bool, bool]:
    """Whether none of the project's migrations was ever applied, and whether some are to be."""
    try:
        executor = MigrationExecutor(connection)
        known = executor.loader.graph
        nodes = set(known.nodes)
        is_first = bool(nodes) and nodes.isdisjoint(executor.loader.applied_migrations)
        return is_first, bool(executor.migration_plan(known.leaf_nodes()))
    except Exception:  # `migrate` itself tells why
        return False, True
