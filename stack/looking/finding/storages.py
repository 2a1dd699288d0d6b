"""Where uploads go: into files of the server, or elsewhere."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from stack.looking.finding.found import Found
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value
from stack.settings.problem import shown

OF_FILES = "FileSystemStorage"
DECIDING = re.compile(r"STORAGE|BUCKET")
"""In names of variables that say where that is."""


def elsewhere(modules: Modules, names: Names, found: Found) -> bool:
    """Whether uploads go to no files below MEDIA_ROOT, which is then said."""
    value = names.get("STORAGES") or Value()
    entry = value.content.get("default") if isinstance(value.content, dict) else None
    backend: Any = entry.get("BACKEND") if isinstance(entry, dict) else None
    if backend is None and (old := names.get("DEFAULT_FILE_STORAGE")):
        value, backend = old, old.content
    if not isinstance(backend, str) or _is_of_files(modules, backend):
        return False
    variables = [name for name in modules.reads if DECIDING.search(name) and name not in found.env]
    its = ", ".join(_told(name, modules) for name in variables)
    text = f"left out: {value.path}:{value.line}: {backend} has the uploads, and is not "
    text += "known to keep them below MEDIA_ROOT"
    found.say("media_root", f"{text}{its and '; see '}{its}")
    return True


def _told(name: str, modules: Modules) -> str:
    default = modules.reads[name].default
    content = default.content if default else None
    return f"{name} ({shown(content)} by default)" if isinstance(content, str) and content else name


def _is_of_files(modules: Modules, backend: str) -> bool:
    """Whether a class is Django's for files, or one of the project's own that is made of that."""
    module, _, name = backend.rpartition(".")
    path = modules.files.path(module)
    try:
        body = modules.files.tree(path).body if path else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = []
    made = {*_made(body)}
    known = {name}
    while more := {of for one, of in made if one in known} - known:
        known |= more
    return any(one.endswith(OF_FILES) for one in known)


def _made(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """The names of classes, each with the last name of what it is made of, or stands for."""
    for node in (one for top in body for one in ast.walk(top)):
        match node:
            case ast.ClassDef(name=name, bases=bases):
                yield from ((name, ast.unparse(one).rpartition(".")[2]) for one in bases)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                yield name, ast.unparse(value).rpartition(".")[2]
