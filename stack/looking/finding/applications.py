"""The WSGI or ASGI module that a server runs."""

import ast
from collections.abc import Sequence

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.parsing import parsed
from stack.looking.reading.values import Names

CHANNELS = ("channels", "daphne")
SETTING_UP = {"get_asgi_application", "setup"}
"""Functions after which models can be imported."""
ROUTING = {"get_default_application", "ProtocolTypeRouter"}
"""Functions of Channels' that make the application for WebSockets too."""


def find(project: Project, names: Names, settings: str, found: Found) -> None:
    """Find the settings wsgi and asgi."""
    wsgi = _module(project, names, settings, "wsgi")
    asgi = _module(project, names, settings, "asgi")
    reason = _of_channels(project, names, asgi)
    if asgi and (reason or not wsgi):
        found.set("asgi", asgi, reason)
    elif wsgi != f"{found.settings['project']}.wsgi":
        found.set("wsgi", wsgi or "MODULE.wsgi")
    if not wsgi and not asgi:
        text = "there is no wsgi.py; bring one by the setting files, and name its module in wsgi"
        found.wrong.append(text)


def _of_channels(project: Project, names: Names, asgi: str) -> str:
    """How it is known that there are WebSockets of Channels'; empty where it is not."""
    if any(one in CHANNELS for one in names.sequence("INSTALLED_APPS")):
        return "its INSTALLED_APPS have Channels"
    if names.content("CHANNEL_LAYERS"):
        return "its settings have the CHANNEL_LAYERS of Channels"
    path = project.file_of(asgi.partition(":")[0])
    routes = path and "ProtocolTypeRouter(" in project.text(path)
    return f"{path} has Channels' ProtocolTypeRouter" if routes else ""


def _module(project: Project, names: Names, settings: str, kind: str) -> str:
    """The module, with its callable unless that has the usual name; empty when there is none."""
    named = names.content(f"{kind.upper()}_APPLICATION")
    candidates = [named.rpartition(".")[0]] if isinstance(named, str) else []
    parts = settings.split(".")
    candidates += [".".join([*parts[:end], kind]) for end in range(len(parts) - 1, -1, -1)]
    candidates += filter(None, map(project.module_of, project.files_of(kind)))
    there = [one for one in candidates if one and project.has_module(one)]
    if not there:
        return ""
    module = _starting(project, there) if kind == "asgi" else there[0]
    defined = _defined(_tree(project, module))
    return f"{module}:app" if "app" in defined and "application" not in defined else module


def _starting(project: Project, modules: Sequence[str]) -> str:
    """The first of some modules, or another that makes its application and sets Django up before.

    ASGI_APPLICATION of Channels 2 names a module that routes, and no more: to import it fails where
    its consumers import models, unless an asgi.py beside it does so.
    """
    first, *others = modules
    if _called(_tree(project, first)) & SETTING_UP:
        return first
    for one in others:
        tree = _tree(project, one)
        leads = _called(tree) & ROUTING or first.rpartition(".")[2] in _imported(tree)
        if leads and _called(tree) & SETTING_UP:
            return one
    return first


def _tree(project: Project, module: str) -> ast.Module:
    """A module as it is written; an empty one where that is no Python."""
    try:
        return parsed(project.text(project.file_of(module)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _defined(tree: ast.Module) -> set[str]:
    targets = [one for node in tree.body if isinstance(node, ast.Assign) for one in node.targets]
    return {one.id for one in targets if isinstance(one, ast.Name)}


def _called(tree: ast.Module) -> set[str]:
    """The last names of all that is called."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.unparse(one).rpartition(".")[2] for one in functions}


def _imported(tree: ast.Module) -> set[str]:
    """The last names of the modules that are imported, or imported from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {one.name.rpartition(".")[2] for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.rpartition(".")[2])
    return found
