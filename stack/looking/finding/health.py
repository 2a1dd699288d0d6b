"""A page to ask whether the site is well, where it has none at its root."""

import ast
import re

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names
from stack.settings.network import HEALTH_PATH

ROUTES = ("path", "re_path", "url")


def find(project: Project, names: Names, found: Found) -> None:
    """Find the setting health_path: as startproject leaves a project, it has nothing but admin."""
    value = names.get("ROOT_URLCONF")
    module = value.content if value and isinstance(value.content, str) else ""
    path = module.replace(".", "/")
    routes = _routes(project.text(f"{path}.py") or project.text(f"{path}/__init__.py"))
    if not routes or any(not re.match(r"\^?[a-z0-9_-]", route, re.IGNORECASE) for route in routes):
        return
    admin = next((one for one, view in routes.items() if view.endswith("admin.site.urls")), None)
    if admin is None:
        found.say("health_path", "the site seems to have no page at /: set one that it has")
        return
    page = f"/{admin.removeprefix('^')}login/"
    try:
        word = "the site seems to have no page at /"
        found.set("health_path", str(HEALTH_PATH.accept(page)), word)
    except ValueError:
        return


def _routes(text: str) -> dict[str, str]:
    """The routes of a urls.py by their views; none where any is more than a word."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    lists = [node.value for node in body if _is_urlpatterns(node) and hasattr(node, "value")]
    calls = [one for its in lists for one in (its.elts if isinstance(its, ast.List) else [its])]
    found = {}
    for call in calls:
        named = isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in ROUTES
        if not isinstance(call, ast.Call) or not named or len(call.args) < 2:
            return {}
        route = call.args[0]
        if not isinstance(route, ast.Constant) or not isinstance(route.value, str):
            return {}
        found[route.value] = ast.unparse(call.args[1])
    return found


def _is_urlpatterns(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else targets
    return any(isinstance(one, ast.Name) and one.id == "urlpatterns" for one in targets)
