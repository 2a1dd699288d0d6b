"""Uploads: those for everybody, which Nginx serves, and those that are not."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from stack.looking.choosing import is_for
from stack.looking.finding import guarded, moving, storages
from stack.looking.finding.found import Found
from stack.looking.finding.static import is_outside, tell_of_host, url_path
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value

PRIVATE = ("private", "protected", "secure", "internal")
"""Words of a path that is not for everybody."""


def find(
    project: Project, modules: Modules, names: Names, server_names: Sequence[str], found: Found
) -> None:
    """Find the settings media_root and media_url, or what `shared` has to have in their place.

    After the database, whose file may lie in the same folder.
    """
    if not storages.elsewhere(modules, names, found):
        _find(project, modules, names, server_names, found)
    guarded.keep(project, names, found)


def _find(
    project: Project, modules: Modules, names: Names, server_names: Sequence[str], found: Found
) -> None:
    value = names.get("MEDIA_ROOT")
    instead = names.perhaps.get("MEDIA_ROOT")
    if instead and not (value and value.content):
        where = f"{instead.path}:{instead.line}: whether MEDIA_ROOT is set here cannot be told by"
        found.say("media_root", f"{where} reading: its folder belongs in here, or in shared")
    if value is not None and not value.is_known:
        where = f"{value.path}:{value.line}: where MEDIA_ROOT is cannot be told by reading"
        found.say("media_root", f"{where}: a folder below src belongs in here, or in shared")
    root = project.place(value.content) if value and value.content else None
    if value is None or (root is None and not is_outside(project, value)):
        return
    below = project.below(root) if root else None
    if below is None:
        below = _moved(project, modules, names, value, found)
    why = guarded.by(project, names, value)
    if not why and is_for(below, PRIVATE):
        why = f"by its name {below} is private; if it is public, set this to it"
    if why:
        guarded.share(below, f"{below}, the uploads, kept over releases", found)
        text = "left out, because Nginx would serve it to everybody, and "
        found.say("media_root", f"{text}{why}")
        return
    found.set("media_root", below)
    tell_of_host("MEDIA_URL", "media_url", names, server_names, found)
    url = url_path(names.get("MEDIA_URL"))
    if url and url != "/media/":
        found.set("media_url", url)


def _moved(project: Project, modules: Modules, names: Names, value: Value, found: Found) -> str:
    """Where they are from now on, below src, in place of one that will not do."""
    root, variables = project.place(value.content), moving.deciding(value, names, found)
    where = f"{value.path}:{value.line}: MEDIA_ROOT is"
    if root is None:
        text = f"{where} {value.content}, outside of the source, where Nginx does not serve it"
        below = moving.below_src(project, PurePosixPath(value.content).name, "media")
    else:
        text = f"{where} {root} in the source, above src, and would be lost with each release"
        below = moving.below_src(project, root, "media")
    found.wrong.append(f"{text}: {moving.told(modules, variables)}")
    moving.move("MEDIA_ROOT", below, value, modules, variables, found)
    return below
