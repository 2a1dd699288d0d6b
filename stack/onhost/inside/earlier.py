"""What an earlier release knows, and asks for: for those who would go back to it."""

import json
import os
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .data import DEFAULT, data, elsewhere
from .media import unserved
from .reach import main as ensure_reachable
from .static import asked_elsewhere


def main() -> None:
    """Print what it has elsewhere than the live release, which of the applied migrations it lacks,
    and what Nginx would not serve of it.

    Ends with 1, and says why, where the database that both have cannot be asked.
    """
    here, live = data(), json.loads(os.environ["LIVE"])
    has_its_database = here[DEFAULT] == live[DEFAULT]
    for line in elsewhere(here, live):
        print("elsewhere", line)
    if has_its_database:
        ensure_reachable()
    # Another one is not looked into: SQLite would make a file that is gone.
    loader = MigrationLoader(connection if has_its_database else None)
    known = {".".join(key) for key in loader.disk_migrations}
    for name in os.environ["APPLIED"].split():
        if name not in known:
            print("lost", name)
    for line in _apart():
        print("apart", line)


def _apart() -> Iterator[str]:
    if apps.is_installed("django.contrib.staticfiles"):
        yield from asked_elsewhere("STATIC_URL", "static_url", os.environ["STATIC"])
    yield from unserved()
