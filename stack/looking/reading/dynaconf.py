"""DjangoDynaconf, which takes settings of its own files and of the environment in place of those
of the module that calls it, whatever module imports that one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import dirname
from typing import Any

from stack.looking.reading.frame import Frame
from stack.looking.reading.values import ROOT, UNKNOWN, Value

NAMES = ("dynaconf.DjangoDynaconf", "dynaconf.contrib.DjangoDynaconf")
PREFIX = ("ENVVAR_PREFIX_FOR_DYNACONF", "envvar_prefix")
FILES = tuple(
    f"{name}.{kind}"
    for name in ("settings", ".secrets")
    for kind in ("toml", "yaml", "yml", "ini", "json")
)
DEFAULTS: Mapping[str, Any] = {"DEBUG": False, "ALLOWED_HOSTS": [], "SECRET_KEY": ""}
"""What is followed, with Django's own values."""


@dataclass(frozen=True)
class Dynaconf:
    """That a module hands its settings over; `files` are those of the source that it reads too."""

    prefix: str
    files: tuple[str, ...]
    path: str


def load(named: Mapping[str, Value], frame: Frame) -> Value:
    """Have what matters most follow from the variables that it reads."""
    given = next((named[one].content for one in PREFIX if one in named), "DJANGO")
    prefix = given if isinstance(given, str) and given.isidentifier() else "DJANGO"
    folders = {frame.reader.files.cwd().content, ROOT / dirname(frame.path)}
    paths = sorted(folder / name for folder in folders for name in FILES)
    files = [str(path.relative_to(ROOT)) for path in paths if frame.reader.files.exists(path)]
    if frame.taken:
        frame.reader.hand_over(Dynaconf(prefix, tuple(files), frame.path))
    for name, plain in DEFAULTS.items():
        value = frame.names.own.get(name) or Value(plain, path=frame.path)
        if files:
            value = Value(UNKNOWN, value.variables, value.path, value.line)
        variable = f"{prefix}_{name}"
        frame.reader.note(
            variable, required=False, default=value, path=frame.path, taken=frame.taken
        )
        text = frame.reader.environment.get(variable)
        content = value.content if text is None else _parsed(text)
        variables = value.variables | {variable}
        frame.names.own[name] = Value(content, variables, value.path, value.line)
        frame.names.perhaps.pop(name, None)
    return Value()


def _parsed(text: str) -> Any:
    """As it reads a variable: what looks like a value of TOML's is one."""
    try:
        return json.loads(text.lower() if text in ("True", "False") else text)
    except ValueError:
        return text
