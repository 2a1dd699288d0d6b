"""The database that is used by default, and which variables decide about it."""

from typing import Any

from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names

DECISIVE = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")


def entry_in(names: Names) -> dict[str, Any]:
    """What is known of the database that is used by default."""
    value = names.get("DATABASES")
    content = value.content if value else None
    entry = content.get("default") if isinstance(content, dict) else None
    return entry if isinstance(entry, dict) else {}


def decides(modules: Modules, module: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether a variable says where the database is, or who comes to it."""
    other = modules.again({**modules.environment, name: "5"}).module(module)
    tried = entry_in(other.names) if other else {}
    return any(tried.get(key) != entry.get(key) for key in DECISIVE)
