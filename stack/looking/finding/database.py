"""The database: what has to be kept of it, or told about it."""

from typing import Any

from stack.looking.finding import moving, published, sqlite
from stack.looking.finding.configuring import is_for_it
from stack.looking.finding.deciding import (
    FILES,
    OF_CI,
    decides,
    entry_in,
    is_switch,
    replaced,
    towards_sqlite,
)
from stack.looking.finding.found import Found, from_environment
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import UNKNOWN, Names, Value
from stack.settings.problem import shown

MOST_NAMES = 8
PLACE = ("NAME", "USER", "HOST", "PORT")
CANNOT_BE_TOLD = (
    "which database is used cannot be told by reading: if it is SQLite, its file belongs here, "
    'with migrate = "each"'
)
KEPT_IN_IT = {"django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"}
"""Apps of Django's that keep what they have in a database."""


def find(project: Project, modules: Modules, module: str, names: Names, found: Found) -> None:
    """Find what `shared`, `migrate` and `env` have to say of the database."""
    value = names.get("DATABASES")
    if value is None:
        _tell_none(module, names, found)
        return
    entry = entry_in(names)
    where = f"{value.path}:{value.line}"
    its = sorted(value.variables - moving.of_debug(names))
    variables = [one for one in its if not is_for_it(modules, one)]
    if str(entry.get("ENGINE")).endswith(FILES):
        if sqlite.is_in_memory(entry):
            sqlite.replace(modules, module, value, variables, found)
        else:
            sqlite.keep(project, modules, module, names, variables, found)
        return
    if not entry and not _is_empty(value):
        _ask_for_url(modules, variables, found)
        _tell_unknown(where, variables, bool(variables), found)
        return
    deciding = [one for one in variables if not entry or decides(modules, module, one, entry)]
    switches = [one for one in deciding if is_switch(modules, module, one)]
    deciding = [one for one in deciding if one not in switches]
    _tell_constant(switches, found)
    for name in _needed(modules, module, deciding, found):
        _set(modules, name, found)
    if entry.get("ENGINE") is UNKNOWN and not deciding:
        _tell_unknown(where, variables, False, found)
    elif entry:
        others = [one for one in variables if one not in deciding]
        _tell_switches(project, modules, module, others, found)
    if not variables:
        _tell_fixed(where, entry, found)


def _ask_for_url(modules: Modules, variables: list[str], found: Found) -> None:
    """Have a URL be set of which reading does not tell what it is otherwise."""
    for name in variables:
        read = modules.reads.get(name)
        default = read.default.content if read and read.default else None
        if default is UNKNOWN and name.endswith("_URL"):
            found.env.setdefault(name, from_environment(name))
            found.say(f"env.{name}", "it has a default that cannot be told by reading")


def _tell_unknown(where: str, variables: list[str], is_theirs: bool, found: Found) -> None:
    if variables:
        found.say("env", f"which database is used depends on {', '.join(variables[:MOST_NAMES])}")
    if not is_theirs:
        found.say("shared", f"{where}: {CANNOT_BE_TOLD}")


def _tell_fixed(where: str, entry: dict[str, Any], found: Found) -> None:
    if isinstance(entry.get("ENGINE"), str) and UNKNOWN not in entry.values():
        its = ", ".join(f"{key} {shown(entry[key])}" for key in PLACE if entry.get(key))
        found.wrong.append(
            f"{where}: no variable says where the database is ({its or 'nothing does'}): if the "
            "server's is another one, set DATABASES in files"
        )


def _tell_none(module: str, names: Names, found: Found) -> None:
    if KEPT_IN_IT & {*map(str, names.sequence("INSTALLED_APPS"))}:
        found.wrong.append(f"{module} has no DATABASES, but apps that need one: set it in files")


def _tell_constant(switches: list[str], found: Found) -> None:
    if its := [one for one in switches if not OF_CI.fullmatch(one)]:
        what = "selects another database, which is written in the source"
        found.say("env", f"{' or '.join(its)} in env, with any text, {what}")


def _is_empty(value: Value) -> bool:
    """Whether there is no database as long as no variable says which."""
    content = value.content.get("default") if isinstance(value.content, dict) else None
    return content == {}


def _needed(modules: Modules, module: str, its: list[str], found: Found) -> list[str]:
    """What has to be said of the database, where that can be said in two ways."""
    url = next((one for one in its if one.endswith("_URL")), "")
    others = replaced(modules, module, url, its) if url else []
    if not others:
        return its
    if any(one in found.env for one in others):
        found.say("env", f"{url} in env takes the place of {', '.join(others)}")
        return [one for one in its if one != url]
    found.say(f"env.{url}", f"or, in its place, {', '.join(others)}")
    return [one for one in its if one not in others]


def _tell_switches(
    project: Project, modules: Modules, module: str, others: list[str], found: Found
) -> None:
    for name in others:
        if text := towards_sqlite(modules, module, name):
            switched = modules.again({**modules.environment, name: text})
            its = sqlite.outside(project, switched, module)
            found.say("env", f'"{name}": "{text}" in env selects SQLite{its and ": "}{its}')


def _set(modules: Modules, name: str, found: Found) -> None:
    read = modules.reads.get(name)
    default = read.default.content if read and read.default else None
    if default is UNKNOWN:
        found.say("env", f"{name} has a default that cannot be told by reading")
    elif default in (None, "", {}):
        found.env.setdefault(name, from_environment(name))
    elif name not in found.env:
        secret = isinstance(default, str) and ("PASS" in name or "://" in default)
        if secret:
            found.env[name] = from_environment(name)
        told = f"{name} is {shown(default)} by default"
        if isinstance(default, str) and published.OF_URL.search(default):
            told += ", whose password is in the source"
        found.say(f"env.{name}" if secret else "env", told)
