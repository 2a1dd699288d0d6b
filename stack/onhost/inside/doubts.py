"""What works, and is hardly what a person wants."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection

from .sqlite import sqlite_path

CHANGED = re.compile(r"^ *Your models in app\(s\): (.*) have changes", re.MULTILINE)
"""As `migrate` says it, where there is nothing to apply."""


def doubts(migrates: bool) -> Iterator[str]:
    """Lines about the database.

    Args:
        migrates: whether this host does.
    """
    if connection.vendor != "sqlite":
        return
    if migrates and not sqlite_path(str(connection.settings_dict["NAME"])):
        yield (
            "THE DATABASE IS IN MEMORY: each process begins with an empty one. Set the variable "
            'that says where it is, DATABASE_URL say, in env; without a database, migrate = "off".'
        )
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield "DATABASE_URL IS NOT READ: DATABASES keeps everything in SQLite, not in PostgreSQL."


def unwritten(told: str) -> str:
    """A line about the project's own models that no migration has; empty where there are none.

    Args:
        told: what `migrate` has said.
    """
    found = CHANGED.search(told)
    names = re.findall(r"'([^']*)'", found[1]) if found else []
    src = (Path(os.environ["RELEASE_FOLDER"]) / "src").resolve()
    own = [name for name in names if src in Path(apps.get_app_config(name).path).resolve().parents]
    if not own:
        return ""
    whose = ", ".join(own)
    return f"MODELS HAVE CHANGED WITHOUT A MIGRATION: {whose}. Commit what makemigrations writes."
