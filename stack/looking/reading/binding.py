"""What names come to stand for: assignments, and methods that change a list or a dict."""

import ast
from contextlib import suppress

from stack.looking.reading import configurations
from stack.looking.reading.expressions import evaluate
from stack.looking.reading.frame import Frame
from stack.looking.reading.values import UNKNOWN, Deferred, Value, joined, whole

CHANGING = ("append", "extend", "insert", "update", "setdefault", "remove")


def _reading(target: ast.expr) -> ast.expr:
    """What is assigned to, as it is read."""
    return ast.parse(ast.unparse(target), mode="eval").body


def assign(target: ast.expr, value: Value, frame: Frame) -> None:
    """Have what is assigned to stand for a value."""
    match target:
        case ast.Name(id=name):
            if isinstance(its := value.content, Deferred):
                value = configurations.read(its, name, frame)
            frame.bind(name, value, target.lineno)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            several = value.content
            if not isinstance(several, list | tuple) or len(several) != len(targets):
                several = [UNKNOWN] * len(targets)
            for one, content in zip(targets, several, strict=True):
                assign(one, Value(content, value.variables), frame)
        case ast.Subscript(value=of, slice=key):
            place = evaluate(key, frame)
            before = evaluate(_reading(of), frame)
            if isinstance(before.content, dict) and whole(place.content):
                made = {**before.content, place.content: value.content}
                assign(of, joined([before, place, value], made), frame)
        case ast.Starred(value=inner):
            assign(inner, Value(UNKNOWN, value.variables), frame)


def followed(node: ast.expr, frame: Frame) -> None:
    """Follow an expression by itself, which may change the content of a name."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        evaluate(node, frame)
        return
    name, of = node.func.attr, node.func.value
    before = evaluate(of, frame)
    if name not in CHANGING or not isinstance(before.content, dict | list):
        evaluate(node, frame)
        return
    args = [evaluate(one, frame) for one in node.args]
    named = {one.arg: evaluate(one.value, frame).content for one in node.keywords if one.arg}
    with suppress(TypeError, ValueError, IndexError, AttributeError):
        after = before.content.copy()
        getattr(after, name)(*(one.content for one in args), **named)
        assign(of, joined([before, *args], after), frame)
