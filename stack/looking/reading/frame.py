"""Where in the project's code reading is, and what it may ask for there."""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from stack.looking.reading.files import Files
from stack.looking.reading.values import UNKNOWN, External, Function, Module, Names, Value

if TYPE_CHECKING:
    from stack.looking.reading.dynaconf import Dynaconf


class Reader(Protocol):
    """What evaluates a project's modules."""

    environment: Mapping[str, str]
    defaults: dict[str, Value]
    """What variables are that are not set, once the project has said so."""
    files: Files

    def step(self) -> None:
        """Count one step. Raises RecursionError after too many."""

    def note(
        self, name: str, *, required: bool, default: Value | None, path: str, taken: bool
    ) -> None:
        """Note that a variable of the environment is read, or would be in a branch not taken."""

    def evaluate(self, node: ast.expr, frame: "Frame") -> Value:
        """What an expression evaluates to."""

    def refuse(self, variables: frozenset[str]) -> None:
        """Note that the settings refuse to be loaded with these variables as they are."""

    def call(
        self, function: Function, args: Sequence[Value], named: Mapping[str, Value], frame: "Frame"
    ) -> Value:
        """What a function of the project's returns."""

    def hand_over(self, to: "Dynaconf") -> None:
        """Note that settings are taken from elsewhere, and no module that sets them counts."""

    def imported(self, name: str, frame: "Frame") -> None:
        """Note a module of others that is imported."""

    def miss(self, name: str, path: str) -> None:
        """Note a module of the project's own that is not there."""

    def names_module(self, variables: frozenset[str]) -> None:
        """Note that a module of a name is imported which depends on variables."""

    def module(self, name: str) -> Module | None:
        """A module of the project's; None when it is not among its files."""

    def include(self, patterns: Sequence[str], frame: "Frame") -> None:
        """Read files, by their paths beside the one that is read, as if they stood there."""


@dataclass
class Frame:
    """A module or a function that is being read."""

    reader: Reader
    names: Names
    path: str
    package: str = ""
    """What relative imports are relative to."""
    control: frozenset[str] = frozenset()
    """Variables that decided about the way to here."""
    taken: bool = True
    """False in a branch that is not taken: what is read there is read, and no more."""
    catching: tuple[str, ...] = ()
    """Exceptions that are caught around here."""
    depth: int = 0

    def get(self, name: str) -> Value:
        """What a name stands for."""
        is_pythons = hasattr(builtins, name)
        return self.names.get(name) or Value(
            External(f"builtins.{name}") if is_pythons else UNKNOWN
        )

    def bind(self, name: str, value: Value, line: int = 0) -> None:
        """Have a name stand for a value."""
        variables = value.variables | self.control
        self.names.own[name] = replace(value, variables=variables, path=self.path, line=line)
        self.names.perhaps.pop(name, None)

    @contextmanager
    def because_of(self, variables: frozenset[str]) -> Iterator[None]:
        """What is bound meanwhile depends on these variables too."""
        before, self.control = self.control, self.control | variables
        try:
            yield
        finally:
            self.control = before

    def evaluate(self, node: ast.expr) -> Value:
        """What an expression evaluates to here."""
        return self.reader.evaluate(node, self)

    def aside(self) -> "Frame":
        """The same for a branch that is not taken: nothing that is bound in it counts."""
        return replace(self, names=self.names.copy(), taken=False, catching=("*",))

    def catches(self, kind: str) -> bool:
        """Whether an exception of a kind is caught around here."""
        return "*" in self.catching or kind in self.catching
