"""Uploads that the site itself hands out, to those who may have them."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import join, normpath

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import ROOT, Names, Value

ROOTS = {
    "SENDFILE_ROOT": "django-sendfile2",
    "PRIVATE_STORAGE_ROOT": "django-private-storage",
    "PRIVATE_MEDIA_ROOT": "django-privates",
    "PROTECTED_MEDIA_ROOT": "django-protected-media",
}
"""Settings for a folder of such, by the package that each is of."""
BACKEND = "SENDFILE_BACKEND"


def by(project: Project, names: Names, root: Value) -> str:
    """What says that the files below a folder are guarded; empty where nothing does."""
    path = _path(project, root.content)
    for name, value, its in _roots(project, names):
        if its is None or path is None or path in (its, *its.parents) or its in path.parents:
            return f"{_place(value)}{name} has {ROOTS[name]} guard it"
    backend = names.get(BACKEND)
    if backend and backend.content and not names.get("SENDFILE_ROOT"):
        return f"{_place(backend)}{BACKEND} has the site guard it"
    return ""


def keep(project: Project, names: Names, found: Found) -> None:
    """Have folders of such in `shared`, and say what Nginx needs to send them for the site."""
    for name, value, path in _roots(project, names):
        place = project.place(value.content) if path else None
        below = project.below(place) if place else None
        if below:
            share(below, f"{below}, which {ROOTS[name]} guards, kept over releases", found)
    backend = names.content(BACKEND)
    if isinstance(backend, str) and backend.endswith(".nginx"):
        url = names.content("SENDFILE_URL")
        where = f"{url}" if isinstance(url, str) else "SENDFILE_URL"
        text = f"{BACKEND} has Nginx send files below {where}: an internal location for it belongs"
        found.say("nginx_server", f"{text} in here")


def share(folder: str, word: str, found: Found) -> None:
    """Have a folder in `shared`, in which none of the paths may lie in another."""
    around = {folder, *map(str, PurePosixPath(folder).parents)}
    there = found.settings.get("shared", [])
    if not around & {*there}:
        outside = [one for one in there if not one.startswith(f"{folder}/")]
        found.settings["shared"] = [*outside, folder]
        found.say("shared", word)


def _roots(project: Project, names: Names) -> Iterator[tuple[str, Value, PurePosixPath | None]]:
    """Each such setting, and its path, None where reading does not tell it."""
    for name in ROOTS:
        value = names.get(name)
        if value and value.content not in (None, ""):
            yield name, value, _path(project, value.content)


def _path(project: Project, content: object) -> PurePosixPath | None:
    if not isinstance(content, str | PurePosixPath):
        return None
    return PurePosixPath(normpath(join(ROOT / project.src, str(content))))


def _place(value: Value) -> str:
    return f"{value.path}:{value.line}: " if value.path else ""
