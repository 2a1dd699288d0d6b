"""Modules that settings import by name, of which the source has no more than an example."""

import re

from stack.looking.project import Project
from stack.looking.reading.modules import Modules

EXAMPLE = re.compile(r"(?P<of>.+/\w+?)([._-](example|sample|template|dist)\.py|\.py[._-](\w+))")


def find(project: Project, modules: Modules) -> None:
    """Note what is missing, where a variable may name another.

    Which module that is by default may follow from what reading does not tell.
    """
    if not modules.naming:
        return
    texts = {path: project.source.read(path) or b"" for path in modules.paths}
    for found in filter(None, map(EXAMPLE.fullmatch, project.paths)):
        name = found["of"].replace("/", ".")
        quoted = re.compile(rf"""(['"]){re.escape(name)}\1""".encode())
        by = next((path for path, text in texts.items() if quoted.search(text)), None)
        if by and not project.has_module(name):
            modules.miss(name, by)


def is_for_it(modules: Modules, variable: str) -> bool:
    """Whether a variable names another module in place of one that has to be brought."""
    return variable in modules.naming and bool(modules.missing)
