"""Packages of Node's that static files are collected from as they are installed."""

import re
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath

from stack.looking.project import Project
from stack.looking.reading.values import Names

MODULES = "node_modules"
KEPT = "npm_modules"
FINDERS = {"npm.finders.": "NPM_ROOT_PATH", "django_node_assets.finders.": "NODE_MODULES_ROOT"}
"""Of django-npm (django-npm-finder too) and django-node-assets, with the settings for where."""


def folder(project: Project, names: Names) -> str | None:
    """The folder of their package.json, from the source's root; None where none is collected."""
    for path in (*_by_finders(project, names), *_by_folders(project, names)):
        plain = re.fullmatch(r"[\w./-]*", path)
        if plain and project.source.exists(join(path, "package.json")):
            return path
    return None


def links(project: Project, names: Names) -> list[str]:
    """What has them where the settings look: hosts get no folder of that name."""
    at = folder(project, names)
    if at is None:
        return []
    up = [".."] * (0 if project.src == "." else project.src.count("/") + 1)
    place = normpath(join(*up, at, MODULES))
    if project.src != "." and f"{at}/".startswith(f"{project.src}/"):
        place = join(at, MODULES).removeprefix(f"{project.src}/")
    return [f"ln -sfn {KEPT} {place}"]


def _by_finders(project: Project, names: Names) -> list[str]:
    finders = names.sequence("STATICFILES_FINDERS")
    found = []
    for finder, setting in FINDERS.items():
        if any(str(one).startswith(finder) for one in finders):
            root = names.get(setting)
            at = project.place(root.content if root else ".")
            found.append(_above(at or ""))
    return found


def _by_folders(project: Project, names: Names) -> list[str]:
    several = names.sequence("STATICFILES_DIRS")
    pairs = [one[1] if isinstance(one, tuple) and len(one) == 2 else one for one in several]
    places = [project.place(one) for one in pairs if isinstance(one, str | PurePosixPath)]
    return [_above(one) for one in places if one and MODULES in one.split("/")]


def _above(path: str) -> str:
    """The folder that has a node_modules; that of the source is empty."""
    path = normpath(path)
    while MODULES in path.split("/"):
        path = dirname(path)
    return "" if path == "." else path
