"""The settings against the project that they name."""

import os
from collections.abc import Iterator
from posixpath import join

from stack import requirements
from stack.settings.model import Settings
from stack.settings.problem import Problem, shown
from stack.source import Completed, Source, SourceError, resolve

# A host with a problem in one of these is not checked against its source.
NEEDED = frozenset({"source", "revision", "src", "requirements"})


def source_problems(settings: Settings) -> list[Problem]:
    """What is missing in the source, or all that is wrong with the source itself."""
    try:
        source = resolve(settings.source, settings.revision)
        return list(_missing(settings, Completed(source, settings.src, settings.files)))
    except SourceError as error:
        return [Problem(error.setting, str(error))]


def _missing(settings: Settings, source: Source) -> Iterator[Problem]:
    src = settings.src
    if not source.exists(join(src, "manage.py")):
        there = "has no manage.py" if source.exists(src) else "is not in the source"
        yield Problem(
            "src", f"src = {shown(src)}: {there}; expected the folder that holds manage.py"
        )
        return  # what else is looked for from there would only repeat it
    for name in settings.build_env:
        if name not in os.environ:
            text = f"build_env = {shown(name)}: is not in this machine's environment"
            yield Problem("build_env", f"{text}; export it, or leave it out")
    try:
        variables = requirements.read(
            source, src, settings.requirements, settings.extras, settings.groups
        ).variables
        for name in variables:
            if name not in settings.env and name not in os.environ:
                yield Problem(
                    "env",
                    f"requirements = {shown(settings.requirements)}: wants ${{{name}}}, which is "
                    f'neither in env nor in this machine\'s environment; set env["{name}"]',
                )
    except requirements.RequirementsError as error:
        value = getattr(settings, error.setting)
        value = shown(list(value) if isinstance(value, tuple) else value)
        yield Problem(error.setting, f"{error.setting} = {value}: {error}")
    setting = "asgi" if settings.asgi else "wsgi"
    wanted = getattr(settings, setting)
    module = wanted.partition(":")[0].replace(".", "/")
    if not any(
        source.exists(join(src, file)) for file in (f"{module}.py", f"{module}/__init__.py")
    ):
        text = f"{setting} = {shown(wanted)}: there is no {module}.py in src of the source"
        yield Problem(setting, text)
