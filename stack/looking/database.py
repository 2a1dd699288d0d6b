"""The database: what has to be kept of it, or told about it."""

from posixpath import dirname
from typing import Any

from stack.looking.found import Found, from_environment
from stack.looking.project import Project
from stack.looking.reading import Modules
from stack.looking.values import UNKNOWN, Names, inside

FILES = ("sqlite3", "spatialite")


def find(project: Project, modules: Modules, names: Names, found: Found) -> None:
    """Find what `shared`, `migrate` and `env` have to say of the database."""
    value = names.get("DATABASES")
    content = value.content if value else None
    entry = content.get("default") if isinstance(content, dict) else None
    if value is None or not isinstance(entry, dict) or not entry:
        for name in sorted(value.variables) if value else ():
            found.env.setdefault(name, from_environment(name))
        return
    engine = entry.get("ENGINE")
    variables = sorted(value.variables)
    where = f"{value.path}:{value.line}"
    if isinstance(engine, str) and engine.endswith(FILES):
        _sqlite(project, names, entry, where, found)
        others = [one for one in variables if one not in found.env]
        if others:
            _tell_others(others, found)
        return
    for name in variables:
        read = modules.reads.get(name)
        default = read.default.content if read and read.default else None
        found.env.setdefault(name, from_environment(name))
        if default not in (None, "", UNKNOWN):
            found.say(f"env.{name}", f'without it, "{default}"')
    password = entry.get("PASSWORD")
    if isinstance(password, str) and password and not variables:
        found.wrong.append(f"{where}: the database's password is in the source")


def _tell_others(others: list[str], found: Found) -> None:
    urls = [one for one in others if one.endswith("_URL")]
    if urls:
        found.say("shared", f'another database than SQLite: env["{urls[0]}"], in place of this')
    else:
        found.say("shared", f"another database than SQLite: {', '.join(others)} in env")


def _sqlite(
    project: Project, names: Names, entry: dict[str, Any], where: str, found: Found
) -> None:
    name = entry.get("NAME")
    if name in (None, "", UNKNOWN, ":memory:"):
        return
    path = project.place(name)
    if path is None:
        return  # a place of the host's own
    below = project.below(path)
    if below is None:
        text = f"{where}: the SQLite database is {path} in the source, above src"
        found.wrong.append(f"{text}; it would be lost with each release")
        return
    folder = dirname(below)
    together = folder and len(_written(project, names, folder, below)) > 0
    found.add("shared", [folder if together else below], "the SQLite database, kept over releases")
    found.set("migrate", "each")


def _written(project: Project, names: Names, folder: str, database: str) -> set[str]:
    """Other paths in the database's folder that the settings name, and the source lacks."""
    found: set[str] = set()
    for name, value in names.own.items():
        if name in ("DATABASES", "STATIC_ROOT", "STATICFILES_DIRS", "MEDIA_ROOT"):
            continue
        for path in _paths(value.content):
            below = project.below(path)
            lacking = not project.source.exists(path)
            if below and below.startswith(f"{folder}/") and below != database and lacking:
                found.add(below)
    return found


def _paths(content: Any) -> list[str]:
    """The paths of the source in a content, at any depth."""
    if isinstance(content, dict):
        return [path for one in content.values() for path in _paths(one)]
    if isinstance(content, list | tuple):
        return [path for one in content for path in _paths(one)]
    path = inside(content)
    return [path] if path and path != "." else []
