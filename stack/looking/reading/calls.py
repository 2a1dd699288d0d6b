"""Calls: of the project's own functions, of methods, and of the few functions that settings use."""

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import basename, dirname, join, normpath
from typing import Any
from urllib.parse import urlsplit

from stack.looking.reading import configurations, dynaconf, environment
from stack.looking.reading.frame import Frame
from stack.looking.reading.imports import import_module
from stack.looking.reading.values import (
    UNKNOWN,
    Environ,
    External,
    Function,
    Method,
    Value,
    are_short,
    bounded,
    whole,
)

METHODS: dict[type[Any], list[str]] = {
    str: "split rsplit strip lstrip rstrip lower upper title startswith endswith replace "
    "join removeprefix removesuffix partition rpartition splitlines format".split(),
    dict: "get keys values items copy".split(),
    list: ["copy"],
    PurePosixPath: "joinpath is_absolute as_posix with_name with_suffix".split(),
}
"""Methods that change nothing, and make nothing large of what is small."""


def call(function: Value, args: Sequence[Value], named: Mapping[str, Value], frame: Frame) -> Value:
    """What a call returns."""
    match function.content:
        case External("importlib.import_module") if args:
            # What is in a module does not follow from the variable that may name another.
            return import_module(args[0], frame)
        case Function() as own:
            found = frame.reader.call(own, args, named, frame)
        case External(name):
            found = _external(name, args, named, frame)
        case Environ() as reader:
            found = environment.read_by(reader, "", args, named, frame)
        case Method(Environ() as reader, name):
            found = environment.read_by(reader, name, args, named, frame)
        case Method(of, name):
            found = Value(_method(of, name, args, named, frame))
        case PurePosixPath() as path:  # django-environ's are called with what is below them
            found = Value(PurePosixPath(path, *(str(one.content) for one in args)))
        case _:
            found = Value()
    variables = found.variables | function.variables
    variables = variables.union(*(one.variables for one in (*args, *named.values())))
    return Value(bounded(found.content), variables)


def _external(name: str, args: Sequence[Value], named: Mapping[str, Value], frame: Frame) -> Value:
    if read := environment.FUNCTIONS.get(name):
        return read(args, named, frame)
    contents = [one.content for one in args]
    if name in ("os.path.exists", "os.path.isfile", "os.path.isdir"):
        there = frame.reader.files.exists(contents[0])
        return Value(UNKNOWN if there is None else there)
    if name in ("os.getcwd", "pathlib.Path.cwd"):
        return frame.reader.files.cwd()
    if name == "split_settings.tools.include":
        with frame.because_of(frozenset().union(*(one.variables for one in args))):
            frame.reader.include([one for one in contents if isinstance(one, str)], frame)
        return Value(None)
    if kind := configurations.VALUE.fullmatch(name):
        return configurations.value(kind["kind"], args, named, frame)
    if name in dynaconf.NAMES:
        return dynaconf.load(named, frame)
    pure = FUNCTIONS.get(name)
    if pure is None or named or not all(map(whole, contents)):
        return Value()
    return Value(pure(*contents))


def _method(
    of: Any, name: str, args: Sequence[Value], named: Mapping[str, Value], frame: Frame
) -> Any:
    contents = [one.content for one in args]
    if isinstance(of, PurePosixPath):
        if name in ("resolve", "absolute", "expanduser"):
            return PurePosixPath(normpath(of))
        if name in ("exists", "is_file", "is_dir"):
            there = frame.reader.files.exists(of)
            return UNKNOWN if there is None else there
        name = "joinpath" if name == "path" else name
    known = all(map(whole, contents)) and all(whole(one.content) for one in named.values())
    if not known or not are_short([of, *contents]):
        return UNKNOWN
    for kind, names in METHODS.items():
        if isinstance(of, kind) and name in names:
            if name == "format" and re.search(r"[:!.\[]", of):
                return UNKNOWN
            made = getattr(of, name)(*contents, **{key: one.content for key, one in named.items()})
            plain = isinstance(made, str | bool | list | tuple | dict | PurePosixPath | None)
            return made if plain or name == "get" else list(made)
    return UNKNOWN


def _path(*parts: Any) -> PurePosixPath:
    return PurePosixPath(*parts)


def _truth(text: Any) -> bool:
    low = str(text).lower()
    if low not in (*environment.TRUE, *environment.FALSE):
        raise ValueError
    return low in environment.TRUE


def _filtered(test: Any, items: Any) -> Any:
    return [one for one in items if one] if test is None else UNKNOWN


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "os.path.join": lambda *parts: join(*map(str, parts)),
    "os.path.dirname": lambda path: dirname(str(path)),
    "os.path.basename": lambda path: basename(str(path)),
    "os.path.abspath": lambda path: normpath(str(path)),
    "os.path.realpath": lambda path: normpath(str(path)),
    "os.path.normpath": lambda path: normpath(str(path)),
    "os.fspath": str,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "environ.Path": _path,
    "urllib.parse.urlparse": urlsplit,
    "urllib.parse.urlsplit": urlsplit,
    "split_settings.tools.optional": str,
    "distutils.util.strtobool": _truth,
    "json.loads": json.loads,
    # No content is ever changed in place, and so what is in it need not be copied.
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.copy,
    "builtins.bool": bool,
    "builtins.str": str,
    "builtins.int": lambda text: int(text) if len(str(text)) < 20 else UNKNOWN,
    "builtins.float": float,
    "builtins.list": list,
    "builtins.tuple": tuple,
    "builtins.set": set,
    "builtins.len": len,
    "builtins.any": any,
    "builtins.all": all,
    "builtins.filter": _filtered,
}
"""Those of others that only make one value of another, by their full names."""
