"""Where a SQLite database is."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection


def sqlite_path(name: str) -> str:
    """The file of a database's NAME; empty when it has none."""
    if name == ":memory:" or "mode=memory" in name or name.startswith("file::memory:"):
        return ""
    return unquote(urlsplit(name).path) if name.startswith("file:") else name


def has_no_file() -> bool:
    """Whether the database is no file, or one that is not there: to ask it would make it."""
    if connection.vendor != "sqlite":
        return False
    path = sqlite_path(str(connection.settings_dict["NAME"]))
    return not path or not Path(path).exists()
