"""Modules of the source's own that lie where Python does not look for them."""

from pathlib import PurePosixPath
from posixpath import dirname, relpath

from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.extras import is_had, needed
from stack.looking.finding.found import Found
from stack.looking.project import ASIDE, Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names


def find(
    project: Project,
    module: str,
    modules: Modules,
    names: Names,
    needs: Dependencies,
    found: Found,
) -> None:
    """Find the variable PYTHONPATH, for settings that do not lie in src, and what they import from
    beside it.
    """
    lacking = {*needed(modules, names)}
    tops = {one.partition(".")[0] for one in lacking if not is_had(project, one, {*needs.its})}
    folders: dict[str, str] = {}
    for path in project.source.paths():
        package = dirname(path)
        top = package.rpartition("/")[2]
        if not path.endswith("/__init__.py") or top not in tops or ASIDE.search(path):
            continue
        if not _is_a_packages(project, package):
            folders.setdefault(top, relpath(dirname(package) or ".", project.src))
    if project.beside:
        found.say("env.PYTHONPATH", f"{module} lies in {project.beside}, where manage.py looks too")
        found.env["PYTHONPATH"] = project.beside
    if folders:
        found.env["PYTHONPATH"] = ":".join(sorted({*folders.values()} | {project.beside} - {""}))
        found.say("env.PYTHONPATH", f"the settings import {', '.join(sorted(folders))} from there")


def _is_a_packages(project: Project, folder: str) -> bool:
    """Whether a folder is some package's own, whatever its name.

    It may be many levels below, and those between need no __init__.py: settings name folders in
    which the migrations of an app of others are kept after it.
    """
    above = PurePosixPath(folder).parents
    inits = (project.source.exists(str(one / "__init__.py")) for one in above)
    return "migrations" in folder.split("/") or any(inits)
