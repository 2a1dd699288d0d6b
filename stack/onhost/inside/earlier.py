"""What an earlier release knows, and asks for: for those who would go back to it."""

import os
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .media import unserved
from .static import asked_elsewhere


def main() -> None:
    """Print the migrations that it has, and what Nginx would not serve of it."""
    for app, name in MigrationLoader(connection).disk_migrations:
        print("known", f"{app}.{name}")
    for line in _apart():
        print("apart", line)


def _apart() -> Iterator[str]:
    if apps.is_installed("django.contrib.staticfiles"):
        yield from asked_elsewhere("STATIC_URL", "static_url", os.environ["STATIC"])
    yield from unserved()
