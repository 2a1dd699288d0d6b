"""The settings against the project that they name."""

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import product
from pathlib import PurePosixPath
from posixpath import join, normpath, relpath

from stack import requirements
from stack.settings.beat import beat_problems
from stack.settings.model import Settings
from stack.settings.problem import Problem, shown
from stack.source import Completed, Source, SourceError, TooLargeError, resolve

# A host with a problem in one of these is not checked against its source.
NEEDED = frozenset({"source", "revision", "src", "requirements"})
MOST_FOLDERS_MEANT = 3
"""How many folders a line may name that was to name one."""
READ = (
    *("source", "revision", "src", "requirements", "extras", "groups", "files", "build_env"),
    *("wsgi", "asgi", "programs", "shared", "outliving", "disposable"),
)
"""What is read of the settings to check them; and of `env` the names, and where Python looks."""


def what_is_read(settings: Settings) -> Hashable:
    """All that their check follows from: hosts that share it have the same problems."""
    values = (getattr(settings, name) for name in READ)
    frozen = (frozenset(its.items()) if isinstance(its, Mapping) else its for its in values)
    return (*frozen, frozenset(settings.env), settings.env.get("PYTHONPATH"))


def source_problems(settings: Settings) -> list[Problem]:
    """What is missing in the source, or all that is wrong with the source itself."""
    try:
        source = resolve(settings.source, settings.revision)
        whole = Completed(source, settings.src, settings.files)
        return [
            *_in_the_way(settings, source),
            *_missing(settings, whole),
            *beat_problems(settings, whole),
        ]
    except SourceError as error:
        return [Problem(error.setting, str(error))]


def _in_the_way(settings: Settings, source: Source) -> Iterator[Problem]:
    """What there is already where a file of the setting `files` is to be."""
    theirs = set(source.paths()) if settings.files else set()
    shared = {normpath(one): one for one in settings.outliving}
    for name in settings.files:
        its = PurePosixPath(normpath(name))
        for one in {*map(str, (its, *its.parents))} & {*shared}:
            text = f"is in {shared[one]}, which outlives releases; put it there on the host"
            yield Problem("files", f"files[{shown(name)}]: {text}")
        path = PurePosixPath(normpath(join(settings.src, name)))
        if any(path in PurePosixPath(one).parents for one in theirs):
            text = "is a folder of the source; expected the path of a file"
            yield Problem("files", f"files[{shown(name)}]: {text}")
        elif taken := theirs.intersection(map(str, path.parents)):
            text = f"{taken.pop()} of the source is a file, not a folder"
            yield Problem("files", f"files[{shown(name)}]: {text}")


def _folders_meant(source: Source) -> str:
    """Those of the source that may be the wanted one, as the end of a line; none where many are."""
    paths = (PurePosixPath(path) for path in source.paths())
    folders = sorted(shown(str(path.parent)) for path in paths if path.name == "manage.py")
    if not 1 <= len(folders) <= MOST_FOLDERS_MEANT:
        return ""
    *others, last = folders
    before = f"{', '.join(others)} or " if others else ""
    return f"; did you mean src = {before}{last}?"


def _missing(settings: Settings, source: Source) -> Iterator[Problem]:
    src = settings.src
    if not source.exists(join(src, "manage.py")):
        there = "has no manage.py" if source.exists(src) else "is not in the source"
        expected = f"expected the folder that holds manage.py{_folders_meant(source)}"
        yield Problem("src", f"src = {shown(src)}: {there}; {expected}")
        return  # what else is looked for from there would only repeat it
    for name in settings.build_env:
        if name not in os.environ:
            text = f"build_env = {shown(name)}: is not in this machine's environment"
            yield Problem("build_env", f"{text}; export it, or leave it out")
    try:
        variables = requirements.read(
            source, src, settings.requirements, settings.extras, settings.groups
        ).variables
        for name, where in variables.items():
            # What this machine's environment holds may be anything: the source is not to choose.
            if name not in settings.env and name not in settings.build_env:
                text = f"{where} asks for ${{{name}}}, which no setting gives it"
                how = f'set env["{name}"], or add "{name}" to build_env'
                value = shown(settings.requirements)
                yield Problem("env", f"requirements = {value}: {text}; {how}")
    except requirements.RequirementsError as error:
        value = getattr(settings, error.setting)
        value = shown(list(value) if isinstance(value, tuple) else value)
        yield Problem(error.setting, f"{error.setting} = {value}: {error}")
    except TooLargeError as error:
        yield Problem(error.setting, str(error))
    yield from _no_app(settings, source)


def _no_app(settings: Settings, source: Source) -> Iterator[Problem]:
    setting = "asgi" if settings.asgi else "wsgi"
    wanted = getattr(settings, setting)
    module = wanted.partition(":")[0].replace(".", "/")
    if _is_module(settings, source, module):
        return
    text = f"{setting} = {shown(wanted)}: there is no {module}.py in src of the source"
    if meant := _as_django_has_it(wanted, lambda file: _is_module(settings, source, file)):
        yield Problem(setting, f"{text}; expected {shown(meant)}")
        return
    ends = tuple(f"/{file}" for file in _files_of(module))
    there = [path for path in source.paths() if path.endswith(ends)]
    if there:
        folder = min(there, key=lambda path: path.count("/")).rpartition(f"/{module}")[0]
        named = settings.env.get("PYTHONPATH")
        how = 'add to env["PYTHONPATH"]' if named else 'set env["PYTHONPATH"] ='
        text += f'; to have Python look in {folder}, {how} "{relpath(folder, settings.src)}"'
    yield Problem(setting, text)


def _is_module(settings: Settings, source: Source, module: str) -> bool:
    named = settings.env.get("PYTHONPATH")
    # Python is started in src, where it looks first.
    folders = ["", *(named.get_secret_value().split(":") if named else ())]
    places = product(folders, _files_of(module))
    return any(source.exists(normpath(join(settings.src, *one))) for one in places)


def _files_of(module: str) -> tuple[str, str]:
    return f"{module}.py", f"{module}/__init__.py"


def _as_django_has_it(wanted: str, is_module: Callable[[str], bool]) -> str:
    """What to write for a path to the app itself, as WSGI_APPLICATION has it; else nothing."""
    module, _, app = wanted.rpartition(".")
    if ":" in wanted or not module or not is_module(module.replace(".", "/")):
        return ""
    return module if app == "application" else f"{module}:{app}"
