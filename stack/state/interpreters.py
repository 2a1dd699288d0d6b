"""Pythons that were brought to a host: pure functions of what was read."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath as Path

from stack.host.observation import Observation
from stack.project.interpreter import FOLDER, Interpreter
from stack.project.target import Target
from stack.state.placement import Placement
from stack.state.superfluous import superfluous


def is_brought(seen: Observation, target: Target) -> bool:
    """Whether the interpreter is there, and known to be needed by the project."""
    its = target.app.interpreter
    there = (its.command, str(its.mark(target.layout.user)))
    return all(path in seen.entries for path in there)


def unneeded(here: Placement, switched: bool = False) -> list[str]:
    """The paths of what no release needs that is kept: marks of the project's, and folders.

    What another project needs stays.

    Args:
        switched: whether the release leads to its virtualenv by now.
    """
    project = here.target.layout.user
    virtualenvs = str(here.target.layout.virtualenvs)
    gone = set(superfluous(here, switched=switched))
    kept = [path for path in here.seen.entries if path.rpartition("/")[0] == virtualenvs]
    # A virtualenv's name ends with its Python's version, and perhaps with a number.
    needed = {
        path.rpartition("/")[2].split("-")[1] for path in kept if path not in gone and "-" in path
    }
    needed.add(here.target.app.interpreter.version)
    return _without(here.seen, project, needed)


def left_by(seen: Observation, project: str) -> list[str]:
    """The same of a project that leaves the host."""
    marks = list(_marks(seen))
    if marks and all(its == project for _, its in marks):
        return [str(FOLDER.parent)]
    return _without(seen, project, ())


def _without(seen: Observation, project: str, needed: Collection[str]) -> list[str]:
    """What goes when a project needs some versions and no more."""
    marks = list(_marks(seen))
    mine = [Interpreter("", v) for v, its in marks if its == project and v not in needed]
    others = {version for version, its in marks if its != project or version in needed}
    found = [str(its.mark(project)) for its in mine]
    found += [str(its.folder) for its in mine if its.version not in others]
    return sorted(found)


def _marks(seen: Observation) -> Iterator[tuple[str, str]]:
    """The version and project of each mark."""
    for path in map(Path, seen.entries):
        parts = path.name.split(".", 3)
        if path.parent == FOLDER and len(parts) == 4:
            yield ".".join(parts[:3]), parts[3]
