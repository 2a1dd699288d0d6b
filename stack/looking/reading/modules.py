"""The project's modules: what they make of the environment."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stack.looking.reading.arguments import arguments
from stack.looking.reading.configurations import is_configured, lineage
from stack.looking.reading.dynaconf import Dynaconf
from stack.looking.reading.expressions import evaluate
from stack.looking.reading.files import Files
from stack.looking.reading.frame import Frame
from stack.looking.reading.statements import run
from stack.looking.reading.values import ROOT, Function, Module, Names, Raised, Value

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
    is_bare: bool = False
    """Whether some line reads it without a default, though another may have one."""


class Modules:
    """The modules among some files, read as in an environment with nothing but what is given."""

    def __init__(
        self, files: Files, environment: Mapping[str, str] = NOTHING, configuration: str = ""
    ) -> None:
        self.files = files
        self.configuration = configuration
        """The class whose attributes are the settings, where one is."""
        self.environment = environment
        self.defaults: dict[str, Value] = {}
        self.reads: dict[str, Read] = {}
        self.foreign: list[str] = []
        """Modules of others that are always imported."""
        self.missing: dict[str, str] = {}
        """Modules of the project's own that are not there, by the file that imports each."""
        self.naming: set[str] = set()
        """Variables that name a module."""
        self.dynaconf: Dynaconf | None = None
        self.paths: list[str] = []
        """Of the modules, in the order in which they are read."""
        self._modules: dict[str, Module | None] = {}
        self._steps = 0

    def again(self, environment: Mapping[str, str]) -> "Modules":
        """The same modules, read as in another environment."""
        return Modules(self.files, environment, self.configuration)

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
        read.is_bare |= default is None or default.content in (None, "")
        if taken == read.taken:
            read.default = read.default or default
        elif taken:
            # What it is by default elsewhere says nothing of here.
            read.default, read.taken = default, True

    def include(self, patterns: Sequence[str], frame: Frame) -> None:
        """Read files, by their paths beside the one that is read, as if they stood there."""
        for pattern in patterns:
            for path in self.files.matching(pattern, frame.path):
                self.paths.append(path)
                frame.names.own["__file__"] = Value(ROOT / path)
                run(self.files.tree(path).body, replace(frame, path=path))
        frame.names.own["__file__"] = Value(ROOT / frame.path)

    def refuse(self, variables: frozenset[str]) -> None:
        """Note that the settings refuse to be loaded with these variables as they are."""
        for name in variables:
            read = self.reads.get(name)
            if read and read.is_bare:
                read.required = True

    def hand_over(self, to: Dynaconf) -> None:
        """Note that settings are taken from elsewhere, and no module that sets them counts."""
        self.dynaconf = to

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

    def module(self, name: str) -> Module | None:
        """A module of the project's; None when it is not among its files."""
        if name not in self._modules:
            path = self.files.path(name) if name else ""
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
            run(self.files.tree(path).body, Frame(self, names, path, package))
            self._configure(names)
        except (SyntaxError, ValueError, RecursionError, MemoryError, Raised):
            return  # what was read up to there is what is known

    def _configure(self, names: Names) -> None:
        """Have the attributes of the class that is chosen stand beside it, as settings."""
        chosen = names.content(self.configuration)
        for one in lineage(chosen) if is_configured(chosen) else ():
            inner = Names(one.names.outer)
            run(one.body, Frame(self, inner, one.path))
            names.own |= {name: value for name, value in inner.own.items() if name.isupper()}
            names.perhaps |= inner.perhaps

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
