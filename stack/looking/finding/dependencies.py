"""What lists a project's dependencies, and which of its extras and groups a server needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stack import requirements
from stack.looking.choosing import DEVELOPMENT, is_for
from stack.looking.finding import extras, setup
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names
from stack.requirements import Requirements, RequirementsError
from stack.requirements.decoding import decoded

FILES = (
    *("uv.lock", "requirements.txt"),
    *(f"requirements/{name}.txt" for name in ("production", "prod", "deploy", "server")),
    *("requirements/requirements.txt", "requirements-prod.txt", "requirements-production.txt"),
    *("requirements/base.txt", "requirements/common.txt", "requirements/main.txt"),
    "pyproject.toml",
)
MADE_BY = re.compile(rb"startproject' using Django (\d+\.\d+)")
"""What startproject writes into the settings that it makes."""
OWN = "server.txt"
"""A file for `files`, by which pip installs the project itself."""
LEAVES = ("poetry.lock", "Pipfile.lock", "Pipfile")
"""What is told with what to make of it, where there is nothing else."""


@dataclass
class Dependencies:
    """What a project needs from PyPI, by the packages' names."""

    its: dict[str, Requirement] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    """Lines of pip's own."""
    urls: list[str] = field(default_factory=list)
    requires_python: str = ""
    others: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Packages of the extras and groups that are left out, each with the setting for it."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Where those are asked for that pip is to put in, by their names."""
    are_known: bool = False


def find(project: Project, modules: Modules, names: Names, found: Found) -> Dependencies:
    """Find the settings requirements, extras and groups."""
    name, problem = _file(project)
    if not name and not problem and (package := setup.find(project)):
        return _by_setup(package, found)
    if not name:
        _lacking(project, modules, problem, found)
        return Dependencies()
    if problem:
        found.wrong.append(problem)
    if name != "requirements.txt":
        found.set("requirements", name)
    first = requirements.read(project.source, project.src, name, groups=_alone(project, name))
    if not name.endswith(("uv.lock", "pyproject.toml")):
        return _told(_parsed(first), found)
    path = first.pyproject
    needed = {*extras.needed(modules, names)}
    chosen = extras.choose(project, path, {*_parsed(first).its}, needed, found)
    for setting, its in chosen.items():
        if its:
            found.set(setting, its)
    try:
        needs = _parsed(requirements.read(project.source, project.src, name, **chosen))
    except RequirementsError as error:
        found.wrong.append(str(error))
        needs = _parsed(first)
    every = extras.optional(project, path)
    needs.others = {one: its for one, its in every.items() if one[1] not in chosen[one[0]]}
    return _told(needs, found)


def _told(needs: Dependencies, found: Found) -> Dependencies:
    """The same; a person decides who may read a variable, and is told that one is asked for."""
    for name, where in needs.variables.items():
        how = f'set env["{name}"], or build_env = ["{name}"]'
        found.say("build_env", f"{where} asks for ${{{name}}}; if that is meant, {how}")
    return needs


def _file(project: Project) -> tuple[str, str]:
    """The best file that can be read, or else why none can be."""
    problem = ""
    files = sorted(FILES, key=lambda name: _is_for_developers(project, name))
    for name in (*files, *LEAVES):
        try:
            path = requirements.locate(project.source, project.src, name)
            if name == "pyproject.toml" and not _project_table(project, path):
                continue
            requirements.read(project.source, project.src, name, groups=_alone(project, name))
        except RequirementsError as error:
            if not str(error).startswith("there is no"):
                problem = problem or str(error)
        else:
            return name, problem
    return "", problem


def _alone(project: Project, name: str) -> list[str]:
    """The groups for a server of a pyproject.toml that has groups and no project."""
    if name != "pyproject.toml":
        return []
    content = extras.toml(project, requirements.locate(project.source, project.src, name))
    return extras.main_groups(content)


def _project_table(project: Project, path: str) -> object:
    """[project].dependencies, or what stands for them: tools may be all that the file is for."""
    content = extras.toml(project, path)
    table = content.get("project")
    listed = isinstance(table, dict) and (table.get("dependencies") or table.get("dynamic"))
    return listed or (table is None and content.get("dependency-groups"))


def _is_for_developers(project: Project, name: str) -> bool:
    """Whether a requirements.txt is a word for another file that is for developers."""
    if name != "requirements.txt":
        return False
    content = project.source.read(normpath(f"{project.src}/{name}")) or b""
    try:
        text = decoded(content, name)
    except RequirementsError:
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("-r")]
    return any(is_for(line.rpartition("/")[2], DEVELOPMENT) for line in lines)


def _by_setup(its: setup.Setup, found: Found) -> Dependencies:
    """Have a package be installed that its own setup.py or setup.cfg describes."""
    one = [extras.requirement_in(line) for line in its.lines]
    known: dict[str, Requirement] = {canonicalize_name(it.name): it for it in one if it}
    lines = [its.folder] + (["django"] if known and "django" not in known else [])
    found.settings.setdefault("files", {})[OWN] = "".join(f"{line}\n" for line in lines)
    found.set("requirements", OWN, f"{its.file} lists them, and is installed with them")
    return Dependencies(its=known, requires_python=its.requires_python, are_known=bool(known))


def _lacking(project: Project, modules: Modules, problem: str, found: Found) -> None:
    if problem:
        found.wrong.append(problem)
        return
    # A line with which it works as it is: what else the project imports is the person's to add.
    texts = [project.source.read(path) or b"" for path in modules.paths]
    made = next(filter(None, map(MADE_BY.search, texts)), None)
    django = f"django=={made[1].decode()}.*" if made else "django"
    found.settings.setdefault("files", {})["requirements.txt"] = f"{django}\n"
    found.say("files", "the project lists no requirements: add what else it imports, and versions")
    found.wrong.append(
        "no requirements: run pip freeze > requirements.txt, and commit that; "
        "files has what is known until then"
    )


def _parsed(read: Requirements) -> Dependencies:
    found = Dependencies(
        requires_python=read.requires_python, variables=read.variables, are_known=True
    )
    texts = [
        read.text,
        read.unhashed,
        *(content.decode(errors="replace") for content in read.files.values()),
    ]
    for line in (line for text in texts for line in text.splitlines()):
        if line.startswith("-"):
            found.options.append(line)
            continue
        if "git+" in line:
            found.urls.append(line)
        one = extras.requirement_in(line)
        if one and (one.marker is None or one.marker.evaluate({"extra": ""})):
            name = canonicalize_name(one.name)
            if name in found.its:
                one.extras |= found.its[name].extras
            found.its[name] = one
    return found
