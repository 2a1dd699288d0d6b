"""The WSGI or ASGI module that a server runs."""

import ast

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names

CHANNELS = ("channels", "daphne")


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
    module = next((one for one in candidates if one and project.has_module(one)), "")
    if not module:
        return ""
    defined = _defined(project.text(project.file_of(module)))
    return f"{module}:app" if "app" in defined and "application" not in defined else module


def _defined(text: str) -> set[str]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    targets = [one for node in body if isinstance(node, ast.Assign) for one in node.targets]
    return {one.id for one in targets if isinstance(one, ast.Name)}
