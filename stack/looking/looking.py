"""From a source to what deploys it."""

from collections.abc import Mapping
from functools import partial

from stack.looking import naming, project
from stack.looking.choosing import settings_module
from stack.looking.errors import LookingError
from stack.looking.finding import (
    applications,
    classes,
    commands,
    configuring,
    database,
    dependencies,
    drivers,
    dynaconf,
    health,
    importing,
    node,
    overriding,
    packages,
    published,
    pythons,
    redirecting,
    static,
    tracebacks,
    uploads,
    variables,
    workers,
    written,
)
from stack.looking.finding.found import Found
from stack.looking.fitting import fitting
from stack.looking.managing import SETTINGS
from stack.looking.project import Project
from stack.looking.reading.files import Files
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names
from stack.settings.names import USER
from stack.settings.paths import RELATIVE, REVISION, SOURCE
from stack.source import resolve


def look(
    source: str,
    revision: str = "HEAD",
    own_name: object = None,
    server_name: object = None,
    src: object = None,
) -> Found:
    """Find out about the project in a source, as the settings of these names have it.

    Args:
        source: as in settings.
        revision: as in settings.
        own_name: the setting project, where that is not to be found.
        server_name: as in settings, where that is not to be found.
        src: as in settings, where there are several projects.

    Raises:
        LookingError: there is no Django project, or a name is none; one line.
        SourceError: the source cannot be read.
    """
    try:
        SOURCE.accept(source)
    except ValueError as error:
        reason = str(error) or f"expected {SOURCE.expected}"
        raise LookingError(f"source: {reason}") from None
    naming.accepted("revision", REVISION, revision)
    found = Found()
    is_given = own_name is not None
    its = naming.accepted("project", USER, own_name) if is_given else naming.name_of(source)
    found.set("project", its)
    found.set("source", source)
    if revision != "HEAD":
        found.set("revision", revision)
    folder = None if src is None else naming.accepted("src", RELATIVE, src)
    _into(project.find(resolve(source, revision), folder), server_name, found)
    return found


def _into(its: Project, server_name: object, found: Found) -> None:
    if its.src != ".":
        found.set("src", _accepted(its.src))
    if its.others:
        found.say(
            "src", f"there is a manage.py in {', '.join(its.others[:5])} as well: --data src=…"
        )
    first = Modules(Files(its.source, its.src, beside=its.beside))
    module, by_itself = settings_module(its, first)
    first = Modules(first.files, configuration=classes.choose(its, first, module, found))
    read = partial(_read, first, module)
    server_names = naming.server_names(server_name, read({})[1], found)
    fits = fitting(read, server_names)
    modules, names = read(fits)
    if not by_itself and module:
        found.env[SETTINGS] = module
    configuring.find(its, modules)
    _tell_missing(modules, module, found)
    applications.find(its, names, module, found)
    needs = dependencies.find(its, modules, names, found)
    pythons.find(its, needs, found)
    packages.find(needs, names, found)
    importing.find(its, module, modules, names, needs, found)
    node.find(its, names, found)
    variables.find(modules, module, names, fits, found)
    static.find(its, modules, names, server_names, found)
    if names.own:
        overriding.find(names, modules, module, server_names, found)
        variables.tell_of_chance(its, modules, names, found)
    database.find(its, modules, module, names, found)
    drivers.tell(needs, names, found)
    uploads.find(its, modules, names, server_names, found)
    dynaconf.find(its, modules, found)
    overriding.write(its, modules, module, found)
    health.find(its, names, found)
    commands.find(its, names, found)
    redirecting.tell(names, found)
    workers.find(its, names, needs, found)
    written.tell(its, names, found)
    tracebacks.tell(its, modules, module, names, found)
    published.tell(modules, module, found)
    variables.tell_the_unknown(names, found)
    variables.tell_of_places(modules, module, names, found)
    variables.tell_the_rest(modules, found)


def _read(first: Modules, module: str, environment: Mapping[str, str]) -> tuple[Modules, Names]:
    modules = first.again(environment)
    own = modules.module(module)
    return modules, own.names if own else Names()


def _accepted(src: str) -> str:
    try:
        return str(RELATIVE.accept(src))
    except ValueError:
        raise LookingError(f"{src}/manage.py: expected {RELATIVE.expected}") from None


def _tell_missing(modules: Modules, module: str, found: Found) -> None:
    if not module or not modules.files.path(module):
        what = f"{module} is not in the source" if module else "there is no settings module"
        found.wrong.append(f"{what}: bring it by the setting files, and name it in env")
    for name, path in modules.missing.items():
        file = f"{name.replace('.', '/')}.py"
        line = f'files = {{"{file}": from_file("{file.rpartition("/")[2]}")}}'
        found.wrong.append(f"{path}: imports {file}, which is not in the source; bring it: {line}")
