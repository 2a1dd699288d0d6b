"""The project's modules: which there are, and what they make of the environment."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Any

from stack.looking.reading.arguments import arguments
from stack.looking.reading.expressions import evaluate
from stack.looking.reading.frame import Frame
from stack.looking.reading.statements import run
from stack.looking.reading.values import (
    ROOT,
    UNKNOWN,
    Function,
    Module,
    Names,
    Raised,
    Value,
    inside,
)
from stack.source import Source

MOST_STEPS = 20_000
"""Ten times what the settings of large projects take."""
DEEPEST = 12
NOTHING: Mapping[str, str] = {}


@dataclass
class Read:
    """That a variable of the environment is read, and where first."""

    required: bool
    default: Value | None
    path: str
    taken: bool


class Modules:
    """The modules below `src`, read as in an environment with nothing but what is given."""

    def __init__(
        self,
        source: Source,
        src: str,
        environment: Mapping[str, str] = NOTHING,
        *,
        beside: str = "",
    ) -> None:
        self.environment = environment
        self.reads: dict[str, Read] = {}
        self.foreign: list[str] = []
        """Modules of others that are always imported."""
        self.missing: dict[str, str] = {}
        """Modules of the project's own that are not there, by the file that imports each."""
        self.naming: set[str] = set()
        """Variables that name a module."""
        self.paths: list[str] = []
        """Of the modules, in the order in which they are read."""
        self._source = source
        self._src = normpath(src)
        self._beside = beside
        self._modules: dict[str, Module | None] = {}
        self._trees: dict[str, ast.Module] = {}
        self._paths: list[str] | None = None
        self._steps = 0

    def again(self, environment: Mapping[str, str]) -> "Modules":
        """The same modules, read as in another environment."""
        other = Modules(self._source, self._src, environment, beside=self._beside)
        other._trees = self._trees
        return other

    def step(self) -> None:
        """Count one step. Raises RecursionError after too many."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise RecursionError

    def note(
        self, name: str, *, required: bool, default: Value | None, path: str, taken: bool
    ) -> None:
        """Note that a variable of the environment is read, or would be in a branch not taken."""
        read = self.reads.setdefault(name, Read(required, default, path, taken))
        read.required |= required
        if taken == read.taken:
            read.default = read.default or default
        elif taken:
            # What it is by default elsewhere says nothing of here.
            read.default, read.taken = default, True

    def include(self, patterns: Sequence[str], frame: Frame) -> None:
        """Read files, by their paths beside the one that is read, as if they stood there."""
        if self._paths is None:
            self._paths = self._source.paths()
        for pattern in patterns:
            whole = normpath(join(dirname(frame.path), pattern))
            for path in [one for one in self._paths if fnmatchcase(one, whole)]:
                self.paths.append(path)
                frame.names.own["__file__"] = Value(ROOT / path)
                run(self.tree(path).body, replace(frame, path=path))
        frame.names.own["__file__"] = Value(ROOT / frame.path)

    def refuse(self, variables: frozenset[str]) -> None:
        """Note that the settings refuse to be loaded with these variables as they are."""
        for name in variables:
            read = self.reads.get(name)
            if read and (read.default is None or read.default.content in (None, "")):
                read.required = True

    def imported(self, name: str, frame: Frame) -> None:
        """Note a module of others that is imported whatever happens."""
        if frame.taken and not frame.control and not frame.catches("ImportError"):
            self.foreign.append(name)

    def miss(self, name: str, path: str) -> None:
        """Note a module of the project's own that is not there."""
        self.missing[name] = path

    def names_module(self, variables: frozenset[str]) -> None:
        """Note that a module of a name is imported which depends on variables."""
        self.naming |= variables

    def place(self, name: str) -> PurePosixPath:
        """Where a module, or the folder of one, would be."""
        path = name.replace(".", "/")
        places = [ROOT / normpath(join(self._src, one, path)) for one in ("", self._beside)]
        return next((one for one in places if self._has(one)), places[0])

    def exists(self, path: Any) -> bool | None:
        """Whether the source has such a path; None when that is not known."""
        if path is UNKNOWN:
            return None
        within = inside(PurePosixPath(normpath(join(self.cwd().content, str(path)))))
        return None if within is None else self._source.exists(within)

    def cwd(self) -> Value:
        """The folder that the project runs in."""
        return Value(ROOT / self._src)

    def path(self, name: str) -> str:
        """The file of a module, from the root of the source; empty when there is none."""
        place = inside(self.place(name)) or ""
        return next((path for path in _files(place) if self._source.read(path) is not None), "")

    def _has(self, place: PurePosixPath) -> bool:
        path = inside(place) or ""
        return any(map(self._source.exists, (path, *_files(path))))

    def module(self, name: str) -> Module | None:
        """A module of the project's; None when it is not among its files."""
        if name not in self._modules:
            path = self.path(name) if name else ""
            names = Names()
            self._modules[name] = Module(names) if path else None
            if path:
                self._read(name, path, names)
        return self._modules[name]

    def _read(self, name: str, path: str, names: Names) -> None:
        self.paths.append(path)
        file = Value(ROOT / path)
        names.own |= {"__file__": file, "__name__": Value(name)}
        package = name if path.endswith("/__init__.py") else name.rpartition(".")[0]
        try:
            run(self.tree(path).body, Frame(self, names, path, package))
        except (SyntaxError, ValueError, RecursionError, MemoryError, Raised):
            return  # what was read up to there is what is known

    def tree(self, path: str) -> ast.Module:
        """A module as it is written, by a path of `paths`."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self._source.read(path) or b"")
        return self._trees[path]

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """What an expression evaluates to."""
        return evaluate(node, frame)

    def call(
        self, function: Function, args: Sequence[Value], named: Mapping[str, Value], frame: Frame
    ) -> Value:
        """What a function of the project's returns."""
        if frame.depth >= DEEPEST:
            return Value()
        names = Names(function.names)
        inner = Frame(self, names, function.path, control=frame.control, taken=frame.taken)
        inner.depth, inner.catching = frame.depth + 1, frame.catching
        for name, value in arguments(function, args, named, inner):
            inner.bind(name, value)
        return run(function.body, inner) or Value(None)


def _files(place: str) -> tuple[str, str]:
    """Where a module is that is at a place."""
    return f"{place}.py", f"{place}/__init__.py"
