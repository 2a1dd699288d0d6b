"""A page to ask whether the site is well, where it has none at its root."""

import re

from stack.looking.finding.found import Found
from stack.looking.finding.routes import routes
from stack.looking.project import Project
from stack.looking.reading.values import Names
from stack.settings.network import HEALTH_PATH


def find(project: Project, names: Names, found: Found) -> None:
    """Find the setting health_path: as startproject leaves a project, it has nothing but admin."""
    module = names.content("ROOT_URLCONF")
    there = routes(project.text(project.file_of(module if isinstance(module, str) else "")))
    if not there or any(not re.match(r"\^?[a-z0-9_-]", route, re.IGNORECASE) for route in there):
        return
    admin = next((one for one, view in there.items() if view.endswith("admin.site.urls")), None)
    if admin is None:
        found.say("health_path", "the site seems to have no page at /: set one that it has")
        return
    page = f"/{admin.removeprefix('^')}login/"
    try:
        word = "the site seems to have no page at /"
        found.set("health_path", str(HEALTH_PATH.accept(page)), word)
    except ValueError:
        return
