"""The URL of a database, as django-environ, environs and dj-database-url understand it."""

from typing import Any
from urllib.parse import unquote, urlsplit

from stack.looking.reading.values import UNKNOWN, whole

ENGINES = {"sqlite": "sqlite3", "sqlite3": "sqlite3", "postgres": "postgresql"}
ENGINES |= {"postgresql": "postgresql", "psql": "postgresql", "pgsql": "postgresql"}
ENGINES |= {"mysql": "mysql", "mysql2": "mysql", "oracle": "oracle"}
SPATIAL = {"postgis": "postgis", "spatialite": "spatialite", "mysqlgis": "mysql"}


def entry_of(url: Any) -> Any:
    """What a URL means, as Django has it: an entry of DATABASES."""
    if not isinstance(url, str) or not whole(url):
        return {} if url is None else UNKNOWN
    parts = urlsplit(url)
    spatial = SPATIAL.get(parts.scheme)
    engine = ENGINES.get(parts.scheme.partition("+")[0], parts.scheme)
    module = f"django.contrib.gis.db.backends.{spatial}" if spatial else ""
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme.startswith(("sqlite", "spatialite")):
        name = name or ":memory:"
    return {
        "ENGINE": module or f"django.db.backends.{engine}",
        "NAME": name,
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
    }
