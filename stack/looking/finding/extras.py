"""Which extras and groups of a pyproject.toml a server needs."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stack.looking.choosing import DEVELOPMENT, PRODUCTION, is_for
from stack.looking.finding.deciding import is_postgresql
from stack.looking.finding.distributions import distributions
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names
from stack.requirements.lines import requirement
from stack.requirements.toml import parsed

MAIN = ("main", "default")
"""Groups that stand for the dependencies of a project, where there is no table of one."""
ASIDE = ("docs", "doc", "lint", "typing", "types")
STRINGS = ("INSTALLED_APPS", "MIDDLEWARE")


def needed(modules: Modules, names: Names) -> Iterator[str]:
    """Dotted names of third-party modules that the settings cannot do without."""
    yield from modules.foreign
    for name in STRINGS:
        yield from (one for one in names.sequence(name) if isinstance(one, str))
    if is_postgresql(names):
        yield "psycopg"


def choose(
    project: Project, path: str, has: Set[str], needed: Set[str], found: Found
) -> dict[str, list[str]]:
    """The extras and groups for a server, by these words: those for production by their names,
    and those without which the settings cannot be imported.

    Args:
        project: whose they are.
        path: of the pyproject.toml.
        has: packages that are installed anyway.
        needed: modules that the settings import.
        found: where a word is said on them.
    """
    there = optional(project, path)
    main = main_groups(toml(project, path))
    chosen = [one for one in there if is_for(one[1], PRODUCTION) or one[1] in main]
    all_of = set(has).union(*(there[one] for one in chosen))
    lacking = {one for one in needed if not is_had(project, one, all_of)}
    while lacking:
        helped = {
            one: {its for its in lacking if {*distributions(its)} & there[one]} for one in there
        }
        best = max(there, key=lambda one: (len(helped[one]), -len(there[one])), default=None)
        if best is None or not helped[best]:
            break
        chosen.append(best)
        brings = {one for its in helped[best] for one in distributions(its)} & there[best]
        found.say(best[0], f"{best[1]} has {', '.join(sorted(brings))}, which the settings need")
        lacking -= helped[best]
    _tell_others([one for one in there if one not in chosen], found)
    return {kind: [name for its, name in chosen if its == kind] for kind in ("extras", "groups")}


def optional(project: Project, path: str) -> dict[tuple[str, str], set[str]]:
    """Packages by the extras and groups of a pyproject.toml, each with the setting for it."""
    content = toml(project, path)
    table = content.get("project")
    its = table.get("optional-dependencies") if isinstance(table, dict) else None
    tables = (("extras", its), ("groups", content.get("dependency-groups")))
    return {(kind, one): its for kind, said in tables for one, its in _listed(said).items()}


def main_groups(content: Mapping[str, Any]) -> list[str]:
    """Groups that a server needs, of a pyproject.toml that has groups and no project."""
    if "project" in content:
        return []
    groups = _listed(content.get("dependency-groups"))
    return [name for name in groups if name.lower() in MAIN or is_for(name, PRODUCTION)]


def _tell_others(others: Iterable[tuple[str, str]], found: Found) -> None:
    names = [
        f"{name} ({kind})" for kind, name in others if not is_for(name, (*DEVELOPMENT, *ASIDE))
    ]
    if names:
        found.say("requirements", f"not installed: {', '.join(names)}")


def is_had(project: Project, module: str, packages: Set[str]) -> bool:
    """Whether a module is Python's, Django's, the project's own, or one of the packages'."""
    top = module.partition(".")[0]
    if top == "django" or top in sys.stdlib_module_names or project.has_module(top):
        return True
    return bool({*distributions(module)} & packages) or not top.isidentifier()


def _listed(table: object) -> dict[str, set[str]]:
    """Names of packages by the extra or group that lists them."""
    found: dict[str, set[str]] = {}
    for name, lines in table.items() if isinstance(table, dict) else ():
        texts = [line for line in lines if isinstance(line, str)] if lines else []
        known = (one for line in texts if (one := requirement_in(line)))
        found[str(name)] = {canonicalize_name(one.name) for one in known}
    return found


def requirement_in(line: str) -> Requirement | None:
    """What a line requires; None when it is no plain requirement."""
    try:
        return requirement(line.partition(" --")[0].strip())
    except ValueError:
        return None


def toml(project: Project, path: str) -> dict[str, Any]:
    """The content of a file; empty when it cannot be read."""
    try:
        return parsed((project.source.read(path) or b"").decode())
    except ValueError:
        return {}
