"""Paths that the site itself may write to."""

from pathlib import PurePosixPath
from typing import Any

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names, inside

READ = ("TEMPLATES", "TEMPLATE_DIRS", "LOCALE_PATHS", "FIXTURE_DIRS", "STATICFILES_DIRS")
KEPT = ("STATIC_ROOT", "MEDIA_ROOT")
MOST = 8


def written(project: Project, names: Names) -> list[str]:
    """Paths that the settings name and the source lacks, relative to src."""
    found = []
    for name, value in names.own.items():
        if name not in (*READ, *KEPT) and name.isupper():
            below = [project.below(path) for path in _paths(value.content)]
            found += [one for one in below if one and one not in found]
    return [one for one in found if not project.source.exists(f"{project.src}/{one}")]


def tell(project: Project, names: Names, found: Found) -> None:
    """Say which of them are neither kept over releases nor made anew for each."""
    kept = [*found.settings.get("shared", ()), found.settings.get("media_root")]
    for name in READ:
        value = names.get(name)
        kept += [project.below(path) for path in _paths(value.content)] if value else []
    for name in KEPT:
        value = names.get(name)
        root = project.place(value.content) if value and value.content else None
        kept.append(project.below(root) if root else None)
    around = {str(one) for one in kept if one}
    others = [
        one
        for one in written(project, names)
        if not around & {one, *map(str, PurePosixPath(one).parents)}
    ]
    if others:
        text = f"the settings name {', '.join(others[:MOST])} too: what is written there and is to"
        but = "; but for what the build makes" if "build" in found.settings else ""
        found.say("shared", f"{text} stay belongs in here, and the rest in disposable{but}")


def _paths(content: Any) -> list[str]:
    """The paths of the source in a content, at any depth."""
    if isinstance(content, dict):
        return [path for one in content.values() for path in _paths(one)]
    if isinstance(content, list | tuple):
        return [path for one in content for path in _paths(one)]
    path = inside(content)
    return [path] if path and path != "." else []
