"""Exceptions that a project catches: by `except`, and by contextlib's suppress."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from stack.looking.reading.frame import Frame
from stack.looking.reading.values import External

CAUGHT = {"ImportError": ("ModuleNotFoundError",), "LookupError": ("KeyError",)}
CAUGHT |= {"Exception": ("*",), "BaseException": ("*",)}
"""What catching an exception catches besides it."""


def handled(handler: ast.ExceptHandler) -> list[str]:
    """The exceptions that an `except` is for."""
    match handler.type:
        case None:
            return ["*"]
        case ast.Tuple(elts=several):
            return _kinds(several)
        case one:
            return _kinds([one])


def suppressed(node: ast.With, frame: Frame) -> list[str]:
    """The exceptions that a `with` passes over."""
    calls = (one.context_expr for one in node.items if isinstance(one.context_expr, ast.Call))
    return [
        kind
        for call in calls
        if frame.evaluate(call.func).content == External("contextlib.suppress")
        for kind in _kinds(call.args)
    ]


def _kinds(several: Iterable[ast.expr]) -> list[str]:
    names = [ast.unparse(one).rpartition(".")[2] for one in several]
    return [kind for name in names for kind in (name, *CAUGHT.get(name, ()))]


@contextmanager
def catching(kinds: Iterable[str], frame: Frame) -> Iterator[None]:
    """Have exceptions be caught meanwhile."""
    before = frame.catching
    frame.catching = (*before, *kinds)
    try:
        yield
    finally:
        frame.catching = before
