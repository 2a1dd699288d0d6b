"""The database: what has to be kept of it, or told about it."""

from posixpath import dirname
from typing import Any

from stack.looking.finding.configuring import is_for_it
from stack.looking.finding.found import Found, from_environment, told_by
from stack.looking.finding.written import written
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import UNKNOWN, Names, Value
from stack.settings.problem import shown

FILES = ("sqlite3", "spatialite")
MOST_NAMES = 8
PLACE = ("NAME", "USER", "HOST", "PORT")
KEPT_IN_IT = {"django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"}
"""Apps of Django's that keep what they have in a database."""
DECISIVE = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")


def find(project: Project, modules: Modules, module: str, names: Names, found: Found) -> None:
    """Find what `shared`, `migrate` and `env` have to say of the database."""
    value = names.get("DATABASES")
    if value is None:
        _tell_none(module, names, found)
        return
    entry = _entry(names)
    where = f"{value.path}:{value.line}"
    variables = [one for one in sorted(value.variables) if not is_for_it(modules, one)]
    if str(entry.get("ENGINE")).endswith(FILES):
        _sqlite(project, names, entry, where, found)
        others = [one for one in variables if one not in found.env]
        if others:
            _tell_others(others, found)
        return
    if not _is_empty(value) and not entry and variables:
        found.say("env", f"what the database is follows from {', '.join(variables[:MOST_NAMES])}")
        return
    for name in variables:
        if not entry or _decides(modules, module, name, entry):
            _set(modules, name, found)
    password = entry.get("PASSWORD")
    if isinstance(password, str) and password and not variables:
        found.wrong.append(f"{where}: the database's password is in the source")
    elif isinstance(entry.get("ENGINE"), str) and not variables and UNKNOWN not in entry.values():
        its = ", ".join(f"{key} {shown(entry[key])}" for key in PLACE if entry.get(key))
        found.wrong.append(
            f"{where}: no variable says where the database is ({its or 'nothing does'}): where a "
            "server has another one, set DATABASES in files"
        )


def _tell_none(module: str, names: Names, found: Found) -> None:
    apps = names.get("INSTALLED_APPS")
    if apps and isinstance(apps.content, list | tuple) and KEPT_IN_IT & {*map(str, apps.content)}:
        found.wrong.append(f"{module} has no DATABASES, and apps that need one: set it in files")


def _is_empty(value: Value) -> bool:
    """Whether there is no database as long as no variable says which."""
    content = value.content.get("default") if isinstance(value.content, dict) else None
    return content == {}


def _entry(names: Names) -> dict[str, Any]:
    """What is known of the database that is used by default."""
    value = names.get("DATABASES")
    content = value.content if value else None
    entry = content.get("default") if isinstance(content, dict) else None
    return entry if isinstance(entry, dict) else {}


def _decides(modules: Modules, module: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether a variable says where the database is, or who comes to it."""
    other = modules.again({**modules.environment, name: "5"}).module(module)
    tried = _entry(other.names) if other else {}
    return any(tried.get(key) != entry.get(key) for key in DECISIVE)


def _set(modules: Modules, name: str, found: Found) -> None:
    read = modules.reads.get(name)
    default = read.default.content if read and read.default else None
    if default in (None, "", UNKNOWN):
        found.env.setdefault(name, from_environment(name))
    elif name not in found.env:
        secret = isinstance(default, str) and ("PASS" in name or "://" in default)
        if secret:
            found.env[name] = from_environment(name)
        found.say(f"env.{name}" if secret else "env", f"{name} is {shown(default)} by default")


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
        value = names.get("DATABASES")
        text += "; it would be lost with each release"
        found.wrong.append(text + (told_by(value) if value else ""))
        return
    folder = dirname(below)
    others = [one for one in written(project, names) if one != below]
    together = folder and any(one.startswith(f"{folder}/") for one in others)
    found.add("shared", [folder if together else below], "the SQLite database, kept over releases")
    found.set("migrate", "each")
