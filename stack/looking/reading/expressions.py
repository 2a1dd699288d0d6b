"""Expressions of Python, evaluated as far as they can be without running anything."""

import ast
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult

from stack.looking.reading import calls, displays, environment, operators
from stack.looking.reading.configurations import lineage
from stack.looking.reading.frame import Frame
from stack.looking.reading.values import (
    UNKNOWN,
    Class,
    Environ,
    External,
    Function,
    Method,
    Module,
    Value,
    bounded,
    joined,
    whole,
)

Rule = Callable[[Any, Frame], Value]
ATTRIBUTES: dict[type[Any], tuple[str, ...]] = {
    PurePosixPath: ("parent", "parents", "name", "stem", "suffix", "parts"),
    SplitResult: ("scheme", "netloc", "path", "hostname", "port", "query"),
}


def evaluate(node: ast.expr, frame: Frame) -> Value:
    """What an expression evaluates to."""
    frame.reader.step()
    rule = RULES.get(type(node), _any_other)
    try:
        return rule(node, frame)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        return Value(UNKNOWN, _variables_in(node, frame))


def _variables_in(node: ast.AST, frame: Frame) -> frozenset[str]:
    """The variables that the names of an expression depend on, without evaluating it again."""
    names = (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
    found = [value.variables for name in names if (value := frame.names.get(name))]
    return frozenset().union(*found)


def _any_other(node: ast.AST, frame: Frame) -> Value:
    inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
    return joined([evaluate(one, frame) for one in inner], UNKNOWN)


def _constant(node: ast.Constant, frame: Frame) -> Value:
    return Value(bounded(node.value))


def _name(node: ast.Name, frame: Frame) -> Value:
    return frame.get(node.id)


def _text(node: ast.JoinedStr, frame: Frame) -> Value:
    parts = [evaluate(one, frame) for one in node.values]
    known = all(isinstance(one.content, str | int | PurePosixPath) for one in parts)
    return joined(parts, "".join(str(one.content) for one in parts) if known else UNKNOWN)


def _formatted(node: ast.FormattedValue, frame: Frame) -> Value:
    return evaluate(node.value, frame)


def _attribute(node: ast.Attribute, frame: Frame) -> Value:
    of = evaluate(node.value, frame)
    match of.content:
        case Module(names):
            return names.get(node.attr) or Value()
        case Class() as its:
            return _inherited(node.attr, its, frame)
        case External(name):
            return joined([of], environment.external(f"{name}.{node.attr}").content)
        case str() | list() | tuple() | dict() | set() | PurePosixPath() | Environ():
            pass
        case SplitResult():
            pass
        case _:
            return Value(UNKNOWN, of.variables)
    for kind, names_of_it in ATTRIBUTES.items():
        if isinstance(of.content, kind) and node.attr in names_of_it:
            return Value(getattr(of.content, node.attr), of.variables)
    return Value(Method(of.content, node.attr), of.variables)


def _inherited(name: str, by: Class, frame: Frame) -> Value:
    found = Value()
    for one in lineage(by):
        frame.reader.step()
        found = one.names.own.get(name) or found
    return found


def _subscript(node: ast.Subscript, frame: Frame) -> Value:
    of, key = evaluate(node.value, frame), evaluate(node.slice, frame)
    if of.content == External("os.environ"):
        return environment.required(key, frame)
    if of.is_known and whole(key.content) and not isinstance(of.content, External | Method):
        return joined([of, key], of.content[key.content])
    return joined([of, key], UNKNOWN)


def _slice(node: ast.Slice, frame: Frame) -> Value:
    ends = [evaluate(one, frame) if one else Value(None) for one in (node.lower, node.upper)]
    known = all(one.is_known for one in ends) and node.step is None
    return joined(ends, slice(*(one.content for one in ends)) if known else UNKNOWN)


def _operation(node: ast.BinOp, frame: Frame) -> Value:
    both = [evaluate(node.left, frame), evaluate(node.right, frame)]
    one, other = (value.content for value in both)
    return joined(both, operators.applied(node.op, one, other))


def _either(node: ast.BoolOp, frame: Frame) -> Value:
    seen = []
    for one in node.values:
        seen.append(evaluate(one, frame))
        if not seen[-1].is_known:
            return joined(seen, UNKNOWN)
        if bool(seen[-1].content) is isinstance(node.op, ast.Or):
            break
    return joined(seen, seen[-1].content)


def _unary(node: ast.UnaryOp, frame: Frame) -> Value:
    value = evaluate(node.operand, frame)
    if not value.is_known:
        return value
    if isinstance(node.op, ast.Not):
        return Value(not value.content, value.variables)
    return Value(-value.content if isinstance(node.op, ast.USub) else UNKNOWN, value.variables)


def _compared(node: ast.Compare, frame: Frame) -> Value:
    both = [evaluate(node.left, frame), evaluate(node.comparators[0], frame)]
    one, other = (value.content for value in both)
    op = type(node.ops[0])
    if other == External("os.environ") and isinstance(one, str):
        found = environment.is_set(one, frame)
        return Value(found.content is (op is ast.In), found.variables)
    outside = any(isinstance(content, External) for content in (one, other))
    if len(node.ops) > 1 or outside or not whole(one) or not whole(other):
        return joined(both, UNKNOWN)
    return joined(both, operators.COMPARED[op](one, other))


def _conditional(node: ast.IfExp, frame: Frame) -> Value:
    test = evaluate(node.test, frame)
    chosen, other = (node.body, node.orelse) if test.is_true else (node.orelse, node.body)
    elsewhere = evaluate(other, frame.aside())
    value = evaluate(chosen, frame)
    is_one_of_two = not test.is_known and isinstance(value.content, str)
    told = not is_one_of_two or value.content == elsewhere.content
    return joined([test, value], value.content if told else UNKNOWN)


def _lambda(node: ast.Lambda, frame: Frame) -> Value:
    returned = ast.Return(node.body, lineno=node.lineno, col_offset=0)
    return Value(Function(node.args, [returned], frame.names, frame.path))


def _bound(node: ast.NamedExpr, frame: Frame) -> Value:
    value = evaluate(node.value, frame)
    frame.bind(node.target.id, value, node.lineno)
    return value


def _call(node: ast.Call, frame: Frame) -> Value:
    function = evaluate(node.func, frame)
    args = []
    for one in node.args:
        inner = evaluate(one.value if isinstance(one, ast.Starred) else one, frame)
        if not isinstance(one, ast.Starred):
            args.append(inner)
        elif isinstance(inner.content, list | tuple):
            args += [Value(each, inner.variables) for each in inner.content]
        else:
            args.append(Value(UNKNOWN, inner.variables))
    named = {one.arg or "**": evaluate(one.value, frame) for one in node.keywords}
    return calls.call(function, args, named, frame)


RULES: dict[type[ast.AST], Rule] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.JoinedStr: _text,
    ast.FormattedValue: _formatted,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.BinOp: _operation,
    ast.BoolOp: _either,
    ast.UnaryOp: _unary,
    ast.Compare: _compared,
    ast.IfExp: _conditional,
    ast.List: displays.sequence,
    ast.Tuple: displays.sequence,
    ast.Set: displays.sequence,
    ast.Dict: displays.mapping,
    ast.ListComp: displays.comprehension,
    ast.GeneratorExp: displays.comprehension,
    ast.SetComp: displays.comprehension,
    ast.Lambda: _lambda,
    ast.NamedExpr: _bound,
    ast.Call: _call,
}
