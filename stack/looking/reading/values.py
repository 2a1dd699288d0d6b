"""What the settings of a project evaluate to, as far as reading them tells."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import Any, Final

ROOT = PurePosixPath("/the-source")
"""Stands for the source's own folder in paths that settings make."""
LONGEST = 20_000
"""Of texts and lists: what is longer is of no interest, and could be made so to use up memory."""
DEEPEST = 50
"""Lists and dicts in one another: what looks into them does so by recursion."""
LONGEST_WORD = 2_000
"""Of a text that something is made of."""


class _Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
"""The content of what only running the project would tell."""


@dataclass(frozen=True)
class Value:
    """What an expression evaluates to where no variable of the environment is set.

    Attributes:
        content: UNKNOWN, or a value of Python's own, paths as PurePosixPath.
        variables: names of the environment's variables that it depends on.
        path: the file with the line that gives it to a name, if one does.
        line: the number of that line.
    """

    content: Any = UNKNOWN
    variables: frozenset[str] = frozenset()
    path: str = ""
    line: int = 0

    @property
    def is_known(self) -> bool:
        """Whether its content is, as a whole."""
        return self.content is not UNKNOWN

    @property
    def is_true(self) -> bool:
        """Whether it is known, and true."""
        return self.is_known and bool(self.content)


NOWHERE = Value()


@dataclass(frozen=True)
class External:
    """A name of a module that is not the project's own, such as os.environ."""

    name: str


@dataclass(frozen=True)
class Method:
    """A method of a content, not yet called."""

    of: Any
    name: str


@dataclass(frozen=True)
class Environ:
    """A reader of the environment, of django-environ, environs or decouple; kinds by name."""

    kinds: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    default_first: bool = False
    """Whether a second word is the default, and not the kind."""


@dataclass(frozen=True)
class Function:
    """A function of the project's, with the names around it."""

    parameters: ast.arguments
    body: list[ast.stmt]
    names: "Names"
    path: str


# As text it would be all that it is made of, each time that this is named.
@dataclass(frozen=True, eq=False, repr=False)
class Class:
    """A class of the project's, with the names in it and around it; its bases by their contents."""

    name: str
    bases: tuple[Any, ...]
    body: list[ast.stmt]
    names: "Names"
    path: str
    is_configured: bool
    """Whether it is django-configurations' that chooses it."""


@dataclass(frozen=True, eq=False)
class Deferred:
    """A value from the environment by the name that it is given to, of django-configurations."""

    kind: str
    default: Value
    prefix: str
    required: bool


@dataclass(frozen=True)
class Module:
    """A module of the project's."""

    names: "Names"


class Names:
    """The names of a module or function, and of what is around it."""

    def __init__(self, outer: "Names | None" = None) -> None:
        self.own: dict[str, Value] = {}
        self.perhaps: dict[str, Value] = {}
        """What some stand for instead, by an `if` of which reading does not tell."""
        self.outer = outer

    def get(self, name: str) -> Value | None:
        """What a name stands for; None for one that is not known."""
        found = self.own.get(name)
        return self.outer.get(name) if found is None and self.outer else found

    def content(self, name: str) -> Any:
        """The content of what a name stands for; None for one that is not known."""
        value = self.get(name)
        return value.content if value else None

    def sequence(self, name: str) -> Sequence[Any]:
        """That of a list or tuple; empty for all else."""
        content = self.content(name)
        return content if isinstance(content, list | tuple) else ()

    @property
    def is_empty(self) -> bool:
        """Whether there are none but those that every module has."""
        return {*self.own} <= {"__file__", "__name__"}

    def copy(self) -> "Names":
        """The same names, which may then stand for something else."""
        copied = Names(self.outer)
        copied.own, copied.perhaps = dict(self.own), dict(self.perhaps)
        return copied


class Raised(Exception):  # noqa: N818 - of the project's, and no error of ours
    """An exception that the project itself catches; `variables` are those that led to it.

    `module` is the one of the project's own that is not there, if that is what it is for.
    """

    def __init__(
        self, kind: str, variables: frozenset[str] = frozenset(), module: str = ""
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.variables = variables
        self.module = module


def whole(contents: Any) -> bool:
    """Whether nothing in a content is unknown."""
    if isinstance(contents, dict):
        return all(whole(one) for pair in contents.items() for one in pair)
    if isinstance(contents, list | tuple | set | frozenset):
        return all(map(whole, contents))
    return contents is not UNKNOWN


def bounded(content: Any) -> Any:
    """The same, unless it is too long or deep to be of interest, what is in it included.

    A list that is twice in another one counts twice: so much would be looked at.
    """
    left = LONGEST - (len(content) if isinstance(content, str | bytes) else 0)
    inner = [(content, 0)]
    while inner and left >= 0:
        one, depth = inner.pop()
        if depth > DEEPEST:
            return UNKNOWN
        if isinstance(one, dict | list | tuple | set | frozenset):
            left -= len(one)
            inner += [(it, depth + 1) for it in (one.values() if isinstance(one, dict) else one)]
    return UNKNOWN if left < 0 else content


def are_short(contents: Iterable[Any]) -> bool:
    """Whether nothing large can be made of contents."""
    return all(len(one) <= LONGEST_WORD for one in contents if isinstance(one, str))


def inside(content: Any) -> str | None:
    """A path of the source as text, from the source's root; None for all else."""
    if not isinstance(content, str | PurePosixPath):
        return None
    path = PurePosixPath(content)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else None


def joined(values: Iterable[Value], content: Any, like: Value = NOWHERE) -> Value:
    """A content that comes of several values, bound where another one is."""
    variables: frozenset[str] = frozenset().union(*(value.variables for value in values))
    return Value(bounded(content), variables, like.path, like.line)
