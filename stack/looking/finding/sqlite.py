"""A database of SQLite's: a file to keep, or none."""

import re
from collections.abc import Sequence
from dataclasses import replace as changed
from posixpath import dirname
from typing import Any

from stack.looking.finding import moving
from stack.looking.finding.deciding import OF_CI, decides, entry_in, entry_with
from stack.looking.finding.found import Found, from_environment
from stack.looking.finding.written import written
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import UNKNOWN, Names, Value

OF_DATABASE = re.compile(r"DB|DATABASE|SQL|PG|ENGINE")


def keep(
    project: Project,
    modules: Modules,
    module: str,
    names: Names,
    variables: Sequence[str],
    found: Found,
) -> None:
    """Find what `shared` and `migrate` have to say of its file.

    Args:
        project: whose it is.
        modules: its modules.
        module: the one with the settings.
        names: of that.
        variables: what may say another database.
        found: is added to.
    """
    value, entry = names.get("DATABASES") or Value(), entry_in(names)
    name = entry.get("NAME")
    if name in (None, "", UNKNOWN):
        return
    path = project.place(name)
    if path is None:
        if text := outside(project, modules, module):
            found.say("env", f"SQLite is used: {text}")
        return
    below = project.below(path)
    if below is None:
        decisive = [one for one in variables if decides(modules, module, one, entry)]
        decisive = [one for one in decisive if one in moving.deciding(value, names, found)]
        text = f"{value.path}:{value.line}: the SQLite database is {path} in the source, above src"
        text += ", and would be lost with each release"
        found.wrong.append(f"{text}: {moving.told(modules, decisive)}")
        below = moving.below_src(project, path, "db.sqlite3")
        item, its = 'DATABASES["default"]["NAME"]', changed(value, content=name)
        moving.move(item, below, its, modules, decisive, found)
    folder = dirname(below)
    written_too = [one for one in written(project, names) if one != below]
    together = folder and any(one.startswith(f"{folder}/") for one in written_too)
    found.add("shared", [folder if together else below], "the SQLite database, kept over releases")
    found.set("migrate", "each")
    others = [one for one in variables if one not in found.env and not OF_CI.fullmatch(one)]
    if others := [one for one in others if _may_decide(modules, module, one, entry)]:
        of_file = [one for one in others if _is_of_file(modules, module, one, entry)]
        _tell_others([one for one in others if one not in of_file], found)
        if of_file:
            found.say("shared", f"its file is elsewhere with {' or '.join(of_file)} in env")


def _may_decide(modules: Modules, module: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether a variable says another database, or by its name may, with a text that is not tried.

    What only has tests use another one, say, does not.
    """
    return bool(OF_DATABASE.search(name)) or decides(modules, module, name, entry)


def _is_of_file(modules: Modules, module: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether a variable says where the file is, of what is SQLite's in any case."""
    tried = [entry_with(modules, module, name, text) for text in ("5", "6")]
    names = {str(one.get("NAME")) for one in tried}
    return len(names) > 1 and all(one.get("ENGINE") == entry.get("ENGINE") for one in tried)


def outside(project: Project, modules: Modules, module: str) -> str:
    """What is to be known of its file where that has a place of the host's own; empty elsewhere."""
    read = modules.module(module)
    value = read.names.get("DATABASES") if read else None
    entry = entry_in(read.names) if read else {}
    name = str(entry.get("NAME"))
    if not value or name[:1] != "/" or project.place(name) is not None:
        return ""
    variables = sorted(value.variables - {*modules.environment})
    decisive = [one for one in variables if decides(modules, module, one, entry)]
    its = f"; {' or '.join(decisive)} in env names another place" if decisive else ""
    return f"its file is {name} of the server, and the project's user has to make it{its}"


def _tell_others(others: list[str], found: Found) -> None:
    if not others:
        return
    urls = [one for one in others if one.endswith("_URL")]
    if urls:
        found.say("shared", f'another database than SQLite: env["{urls[0]}"], in place of this')
    else:
        found.say("shared", f"another database than SQLite: {', '.join(others)} in env")


def is_in_memory(entry: dict[str, Any]) -> bool:
    """Whether it ends with the process that has it open."""
    name = str(entry.get("NAME"))
    return ":memory:" in name or (name.startswith("file:") and "mode=memory" in name)


def replace(
    modules: Modules, module: str, value: Value, variables: Sequence[str], found: Found
) -> None:
    """Find what `env` has to say in place of one in memory."""
    entry = value.content["default"]
    its = [one for one in variables if decides(modules, module, one, entry)]
    its = [one for one in its if one.endswith("_URL")][:1] or its
    for name in its:
        found.env.setdefault(name, from_environment(name))
        found.say(f"env.{name}", "by default the database is in memory")
    where = f"{value.path}:{value.line}: by default the database is in memory: "
    instead = "" if its else "; set DATABASES in files"
    found.wrong.append(f"{where}everything would be lost at each start{instead}")
