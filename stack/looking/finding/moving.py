"""Paths of settings that a release cannot have where they are, below src on servers."""

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from posixpath import join

from stack.looking.finding import following
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value
from stack.settings.paths import BELOW

ELSEWHERE = "on_servers"
"""The folder for what would take the place of something in the source."""


def deciding(value: Value, names: Names, found: Found) -> list[str]:
    """Variables that may still say another place: DEBUG's, and those that are set, are none."""
    return sorted(value.variables - of_debug(names) - {*found.env})


def of_debug(names: Names) -> frozenset[str]:
    """Variables that have DEBUG on or off, and so are none to choose anything else by."""
    debug = names.get("DEBUG")
    return debug.variables if debug else frozenset()


def unless(variables: Sequence[str]) -> str:
    """Which variables say something else than a value that will not do."""
    return f", unless {' or '.join(variables)} in env names another place" if variables else ""


def told(modules: Modules, variables: Sequence[str]) -> str:
    """What has a path below src, and which variables go before it."""
    if modules.dynaconf:
        return "env has it below src"
    return f"the module in files has it below src{unless(variables)}"


def below_src(project: Project, wanted: str, otherwise: str) -> str:
    """A path relative to src that the source does not have.

    Args:
        project: whose source that is.
        wanted: the path that it has elsewhere.
        otherwise: what to take where that is no path of a setting.
    """
    try:
        path = str(BELOW.accept(wanted))
    except ValueError:
        path = otherwise
    return join(ELSEWHERE, path) if project.source.exists(join(project.src, path)) else path


def move(
    name: str, path: str, value: Value, modules: Modules, variables: Sequence[str], found: Found
) -> None:
    """Have the module for servers set a name, and those that are the same, to a path below src.

    Args:
        name: of the setting, or of an item in one.
        path: relative to src.
        value: that of the setting.
        modules: where it is set.
        variables: those that go before it where one of them is set.
        found: is added to.
    """
    place = f"src / {json.dumps(path)}"
    # What has been a text is put together with others as one.
    lines = [f"{name} = {place if isinstance(value.content, PurePosixPath) else f'str({place})'}"]
    lines += [
        f"{one} = {its}" for one, its in following.assigned(modules.files.tree(value.path), name)
    ]
    if modules.dynaconf:
        its = "__".join(re.findall(r"\w+", name))
        found.env[f"{modules.dynaconf.prefix}_{its}"] = path
        return
    if variables:
        names = ", ".join(map(json.dumps, variables))
        lines = [f"if not os.environ.keys() & {{{names}}}:", *(f"    {line}" for line in lines)]
    found.overriding += lines
