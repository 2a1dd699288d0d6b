"""Modules of the source's own that lie where Python does not look for them."""

from posixpath import dirname, join, relpath

from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.extras import is_had, needed
from stack.looking.finding.found import Found
from stack.looking.project import ASIDE, Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names


def find(
    project: Project, modules: Modules, names: Names, needs: Dependencies, found: Found
) -> None:
    """Find the variable PYTHONPATH, for what the settings import from beside src."""
    lacking = {*needed(modules, names)}
    tops = {one.partition(".")[0] for one in lacking if not is_had(project, one, {*needs.its})}
    folders: dict[str, str] = {}
    for path in project.source.paths():
        package = dirname(path)
        top = package.rpartition("/")[2]
        if not path.endswith("/__init__.py") or top not in tops or ASIDE.search(path):
            continue
        # What lies in a package is that package's own, whatever its name.
        if not project.source.exists(join(dirname(package), "__init__.py")):
            folders.setdefault(top, relpath(dirname(package) or ".", project.src))
    if folders:
        found.env["PYTHONPATH"] = ":".join(sorted({*folders.values()}))
        found.say("env.PYTHONPATH", f"the settings import {', '.join(sorted(folders))} from there")
