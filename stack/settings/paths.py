"""Checks of paths: what reaches a shell, Supervisor or Nginx needs no quoting anywhere."""

import re
from collections.abc import Mapping
from itertools import permutations
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TypeVar

from stack.settings.check import Check

T = TypeVar("T")

_PART = re.compile(r"[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*")
_CHARACTERS = "of letters, digits and _ . @ + -"


# A file may have 255, and what is written beside one has a longer name for a moment.
MOST_OF_A_PART = 200
# Of all of it Linux takes 4095, and the home and the release's folder stand before it.
MOST_OF_A_PATH = 3000


def _plain(path: str) -> bool:
    parts = [part for part in path.split("/") if part]
    if len(path) > MOST_OF_A_PATH or max(map(len, parts), default=0) > MOST_OF_A_PART:
        raise ValueError(
            f"is too long; expected at most {MOST_OF_A_PART} characters between two slashes, "
            f"and {MOST_OF_A_PATH} in all"
        )
    return all(_PART.fullmatch(part) and part != ".." for part in parts)


def absolute(path: str) -> str:
    """The path, with one way to write it: settings are compared with others, and with a host.

    Raises:
        ValueError: it is not absolute, or needs quoting.
    """
    if not path.startswith("/") or path.endswith("/") or not _plain(path):
        raise ValueError
    # PurePosixPath leaves two slashes at the beginning.
    return str(PurePosixPath("/", path.lstrip("/")))


def _relative(path: str) -> str:
    if not path or path.startswith("/") or not _plain(path):
        raise ValueError
    return str(PurePosixPath(path))


def _below(path: str) -> str:
    relative = _relative(path)
    if relative == ".":
        raise ValueError
    return relative


RELATIVE = Check(f"a relative path {_CHARACTERS}, without ..", _relative)
BELOW = Check(f"a path below src {_CHARACTERS}, without ..", _below)
SOUGHT = Check(
    f"a relative path {_CHARACTERS}, without .., which is looked for in src and above it", _below
)


def _below_or_none(path: str) -> str:
    return path and _below(path)


BELOW_OR_NONE = Check(BELOW.expected, _below_or_none)


def _pattern(pattern: str) -> str:
    parts = pattern.split("/")
    plain = "/".join(part for part in parts if part != ".")
    if not pattern.isprintable() or not all(parts) or set(plain) <= set("*/") or ".." in parts:
        raise ValueError
    return plain


PATTERN = Check('a path below src, such as "debug.log", "cache" or "logs/*.log"', _pattern)


def _apart(paths: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(paths)) < len(paths):
        raise ValueError("expected every path once")
    for one, other in permutations(map(PurePosixPath, paths), 2):
        if one in other.parents:
            raise ValueError(f"{other} lies in {one}, which is shared already")
    return paths


APART = Check("a list of paths relative to src", _apart)


def files_apart(files: Mapping[str, T]) -> Mapping[str, T]:
    """Files by their paths, to be held. Raises ValueError when one would have to be a folder."""
    for one, other in permutations(map(PurePosixPath, files), 2):
        if one in other.parents:
            raise ValueError(f"{other} cannot be there, since {one} is a file")
    return MappingProxyType(dict(files))


def _quoted(setting: str, value: str) -> str:
    """How to write what would be a number else: the shell takes the quotes that it is given."""
    return f"""in quotes ("{value}"; on the command line --data '{setting}="{value}"')"""


PYTHON_VERSION = re.compile(r"[0-9]+(\.[0-9]+){1,2}")
"""What the setting python says of one that is brought; all else is a command of the host's."""


def _interpreter(python: str) -> str:
    if "/" in python:
        return absolute(python)
    if not _PART.fullmatch(python) or set(python) == {"."}:
        raise ValueError
    return python


PYTHON = Check(
    "a command, such as python3.12, an absolute path, or a version, "
    f"as text {_quoted('python', '3.12')}",
    _interpreter,
)


def _source(source: str) -> str:
    if not source.strip() or source.startswith("-") or not source.isprintable():
        raise ValueError
    # It would stand in the arguments of git's processes, for every user to read.
    if re.match(r"[a-z][a-z0-9+.-]*://[^/@]*:[^/@]*@", source, re.IGNORECASE):
        raise ValueError("holds a password; leave it to an SSH key or to git's credential helper")
    return source


def _mirror(mirror: str) -> str:
    if not re.fullmatch(r"((https?|file)://[!-~]+)?", mirror):
        raise ValueError
    return mirror.rstrip("/")


MIRROR = Check("an http, https or file URL", _mirror)
SOURCE = Check("the path or URL of a git repository, or a folder", _source)


def _revision(revision: str) -> str:
    if not revision.strip() or revision.startswith("-") or not revision.isprintable():
        raise ValueError
    return revision


REVISION = Check(f"a branch, tag or commit, as text {_quoted('revision', '1234567')}", _revision)
