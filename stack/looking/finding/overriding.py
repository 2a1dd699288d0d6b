"""A settings module for servers, for projects whose own is for development."""

import json
from collections.abc import Sequence
from posixpath import join, normpath, relpath

from stack.looking.finding import classes, following, published
from stack.looking.finding.found import Found
from stack.looking.fitting import allows
from stack.looking.managing import SETTINGS
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value

NAME = "settings_on_servers"
CLASS = "OnServers"
MOST_LINES = 5


def find(
    names: Names,
    modules: Modules,
    module: str,
    server_names: Sequence[str],
    found: Found,
) -> None:
    """Tell what no variable changes, for a module that does."""
    if names.get("INSTALLED_APPS") is None:
        text = (
            f"{module} says too little without being run: look at DEBUG, ALLOWED_HOSTS and the like"
        )
        found.wrong.append(f"{text} yourself")
        found.overriding += published.key(names, modules, module, found)
        return
    found.overriding += _debug(names, modules, found)
    found.overriding += _hosts(names, server_names, found)
    found.overriding += published.key(names, modules, module, found)


def write(project: Project, modules: Modules, module: str, found: Found) -> None:
    """Find a module for `files` that sets what has been found to be otherwise on servers."""
    lines = found.overriding
    if not lines:
        return
    if its := modules.configuration:
        lines = _in_class(lines, its)
        found.env[classes.CONFIGURATION] = CLASS
    own = ".".join([*module.split(".")[:-1], NAME])
    path = _file(project, own)
    if path.startswith(".."):
        own, path = NAME, f"{NAME}.py"  # no file can be brought above src
    imports = []
    if any("os.environ" in line for line in lines):
        imports.append("import os")
    if any("src / " in line for line in lines):
        imports.append("import pathlib")
        up = path.count("/")
        lines = [f"src = pathlib.Path(__file__).resolve().parents[{up}]", *lines]
    blocks = (imports, [f"from {module} import *"], lines)
    text = "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)
    found.settings.setdefault("files", {})[path] = text
    found.say("files", f"what {module} lacks, without a change to the project")
    found.env[SETTINGS] = own


def _file(project: Project, module: str) -> str:
    """The path of a module beside those of the project, relative to src."""
    place = join(project.src, project.beside, f"{module.replace('.', '/')}.py")
    return relpath(normpath(place), project.src)


def _in_class(lines: Sequence[str], base: str) -> list[str]:
    """The same as attributes of a class of settings, which has those of another one."""
    body = []
    for line in lines:
        name, bracket, _ = line.strip().partition("[")
        if bracket and name.isupper():
            body.append(f"{name} = {base}.{name}")
        body.append(line)
    return ["", "", f"class {CLASS}({base}):", *(f"    {line}" for line in body)]


def _place(value: Value) -> str:
    return f"{value.path}:{value.line}"


def _debug(names: Names, modules: Modules, found: Found) -> list[str]:
    debug = names.get("DEBUG")
    if debug is None or not debug.is_known or not debug.content:
        return []
    found.wrong.append(f"{_place(debug)}: DEBUG is True")
    tree = modules.files.tree(debug.path)
    if lines := [f"{debug.path}:{line}" for line in following.others(tree, "DEBUG")]:
        what = "lines that depend on DEBUG were run with it True: look at"
        found.wrong.append(f"{what} {', '.join(lines[:MOST_LINES])}, and set in files what differs")
    its = dict(following.assigned(tree, "DEBUG"))
    return ["DEBUG = False", *(f"{name} = {value}" for name, value in its.items())]


def _hosts(names: Names, server_names: Sequence[str], found: Found) -> list[str]:
    hosts = names.get("ALLOWED_HOSTS") or Value([])
    its = [] if hosts.content is None else hosts.content
    if not isinstance(its, list | tuple) or any(not isinstance(one, str) for one in its):
        return []  # not known
    if allows(its, server_names):
        return []
    where = f"{_place(hosts)}: " if hosts.path else ""
    found.wrong.append(f"{where}ALLOWED_HOSTS does not name the server, {', '.join(server_names)}")
    return [f"ALLOWED_HOSTS = {json.dumps([*server_names])}"]
