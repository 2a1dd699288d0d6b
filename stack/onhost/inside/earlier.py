"""What an earlier release knows, and asks for: for those who would go back to it."""

import os
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .media import unserved
from .reach import main as ensure_reachable
from .static import asked_elsewhere


def main() -> None:
    """Print which of the applied migrations it lacks, and what Nginx would not serve of it.

    Ends with 1, and says why, where its database cannot be asked.
    """
    ensure_reachable()
    known = {".".join(key) for key in MigrationLoader(connection).disk_migrations}
    for name in os.environ["APPLIED"].split():
        if name not in known:
            print("lost", name)
    for line in _apart():
        print("apart", line)


def _apart() -> Iterator[str]:
    if apps.is_installed("django.contrib.staticfiles"):
        yield from asked_elsewhere("STATIC_URL", "static_url", os.environ["STATIC"])
    yield from unserved()
