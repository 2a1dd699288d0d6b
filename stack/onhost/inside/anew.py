"""Migrations that a release has written for itself, where they have been applied already.

A project that commits none, and has makemigrations run for each release, gets a first migration
each time: of the same name, so it is never applied again, whatever has changed in it.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader


def written_anew() -> str:
    """What to say of those that differ from the live release's; an empty string without any."""
    names = ", ".join(sorted(_differing()))
    return names and (
        f"{names}: written by this release's own commands, but a different one of that name has "
        "been applied: what differs would never reach the database. Run makemigrations "
        "where the project is developed, and commit what it writes."
    )


def _differing() -> Iterator[str]:
    release = Path(os.environ["RELEASE_FOLDER"]).resolve()
    mark = release / ".commands"  # made before the first of them was run
    if not mark.exists():
        return
    begun = mark.stat().st_mtime
    live = (Path.home() / os.environ["USER"]).resolve()
    loader = MigrationLoader(connection)
    for key, migration in loader.disk_migrations.items():
        path = Path(str(sys.modules[migration.__module__].__file__)).resolve()
        if key not in loader.applied_migrations or release / "source" not in path.parents:
            continue
        if path.stat().st_mtime >= begun:
            before = live / path.relative_to(release)
            if not before.is_file() or _code(before) != _code(path):
                yield ".".join(key)


def _code(path: Path) -> list[str]:
    """The lines of a file but for comments, in which Django says when it wrote it."""
    lines = path.read_text(errors="replace").splitlines()
    return [line for line in lines if not line.startswith("#")]
