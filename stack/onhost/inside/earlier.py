"""What an earlier release knows, and asks for: for those who would go back to it."""

import json
import os
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from .data import DEFAULT, data, elsewhere
from .media import unserved
from .reach import main as ensure_reachable
from .sqlite import has_no_file
from .static import asked_elsewhere


def main() -> None:
    """Print what it has elsewhere than the live release, which of the applied migrations it lacks,
    which of its own are not applied, and what Nginx would not serve of it.

    Ends with 1, and says why, where the database that both have cannot be asked.
    """
    here, live = data(), json.loads(os.environ["LIVE"])
    has_its_database = here[DEFAULT] == live[DEFAULT]
    for line in elsewhere(here, live):
        print("elsewhere", line)
    if has_its_database:
        ensure_reachable()
    # Another one is not looked into; of a file that is gone, SQLite would make an empty one.
    is_asked = has_its_database and not has_no_file()
    loader = _applied() if is_asked else MigrationLoader(None)
    known = {".".join(key) for key in loader.disk_migrations}
    for name in os.environ["APPLIED"].split():
        if name not in known:
            print("lost", name)
    for line in _apart():
        print("apart", line)


def _applied() -> MigrationLoader:
    executor = MigrationExecutor(connection)
    if os.environ["MIGRATES"]:
        for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
            print("unapplied", f"{migration.app_label}.{migration.name}")
    return executor.loader


def _apart() -> Iterator[str]:
    if apps.is_installed("django.contrib.staticfiles"):
        yield from asked_elsewhere("STATIC_URL", "static_url", os.environ["STATIC"])
    yield from unserved()
