"""The database that is used by default, and which variables decide about it."""

import re
from collections.abc import Sequence
from typing import Any

from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, whole

DECISIVE = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
FILES = ("sqlite3", "spatialite")
OF_CI = re.compile(
    r"CI|CI_.*|(GITHUB|GITLAB|BITBUCKET|CIRCLE|TRAVIS|DRONE|JENKINS)_?\w*|BUILD_ID|TOX\w*"
)
"""Variables that are there where a project is tested, and on no server."""
YES = ("True", "1", "true", "sqlite", "sqlite3", "False", "0")
"""What switches something on, or off."""


def entry_in(names: Names) -> dict[str, Any]:
    """What is known of the database that is used by default."""
    return _entry(names.content("DATABASES"), "default")


def _entry(databases: Any, alias: str) -> dict[str, Any]:
    entry = databases.get(alias) if isinstance(databases, dict) else None
    return entry if isinstance(entry, dict) else {}


def is_postgresql(names: Names) -> bool:
    """Whether it is known to be PostgreSQL."""
    return str(entry_in(names).get("ENGINE")).endswith(("postgresql", "postgis"))


def decides(modules: Modules, module: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether a variable says where the database is, or who comes to it."""
    tried = entry_with(modules, module, name, "5")
    return any(tried.get(key) != entry.get(key) for key in DECISIVE)


def is_switch(modules: Modules, module: str, name: str) -> bool:
    """Whether any text of a variable selects a database of which nothing more can be said."""
    entries = []
    for text in ("5", "6"):
        other = modules.again({**modules.environment, name: text}).module(module)
        value = other.names.get("DATABASES") if other else None
        if other is None or value is None or not value.variables <= {name}:
            return False
        entries.append(entry_in(other.names))
    return entries[0] == entries[1] and whole(entries[0]) and bool(entries[0])


def decides_any(modules: Modules, module: str, name: str, names: Names) -> bool:
    """The same of any database, and not only of the one that is used by default."""
    other = modules.again({**modules.environment, name: "5"}).module(module)
    tried, content = other.names.content("DATABASES") if other else {}, names.content("DATABASES")
    return isinstance(content, dict) and any(
        _entry(tried, alias).get(key) != _entry(content, alias).get(key)
        for alias in content
        for key in DECISIVE
    )


def replaced(modules: Modules, module: str, url: str, others: Sequence[str]) -> list[str]:
    """Which variables say nothing of the database any more once another has its URL."""
    having = modules.again({**modules.environment, url: "postgres://a:b@c:5/d"})
    read = having.module(module)
    entry = entry_in(read.names) if read else {}
    return [one for one in others if one != url and not decides(having, module, one, entry)]


def towards_sqlite(modules: Modules, module: str, name: str) -> str:
    """With which text a variable has SQLite used; empty where it does not."""
    tried = ((text, entry_with(modules, module, name, text).get("ENGINE")) for text in YES)
    return next((text for text, engine in tried if str(engine).endswith(FILES)), "")


def entry_with(modules: Modules, module: str, name: str, text: str) -> dict[str, Any]:
    """The same once a variable is set to a text."""
    other = modules.again({**modules.environment, name: text}).module(module)
    return entry_in(other.names) if other else {}
