"""Statements of Python, followed as they would go where no variable of the environment is set."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from stack.looking.reading.binding import assign, followed
from stack.looking.reading.catching import catching, handled, suppressed
from stack.looking.reading.configurations import configures
from stack.looking.reading.expressions import evaluate
from stack.looking.reading.frame import Frame
from stack.looking.reading.imports import import_from, import_modules
from stack.looking.reading.values import UNKNOWN, Class, Function, Names, Raised, Value, joined

Rule = Callable[[Any, Frame], Value | None]
MOST_ROUNDS = 200


def run(body: Sequence[ast.stmt], frame: Frame) -> Value | None:
    """Follow statements; what they return, if they are a function's and do."""
    for node in body:
        frame.reader.step()
        rule = RULES.get(type(node))
        if rule and (returned := rule(node, frame)) is not None and frame.depth:
            return returned
    return None


def _assign(node: ast.Assign, frame: Frame) -> None:
    value = evaluate(node.value, frame)
    for target in node.targets:
        assign(target, value, frame)


def _annotated(node: ast.AnnAssign, frame: Frame) -> None:
    if node.value:
        assign(node.target, evaluate(node.value, frame), frame)


def _expression(node: ast.Expr, frame: Frame) -> None:
    followed(node.value, frame)


def _augmented(node: ast.AugAssign, frame: Frame) -> None:
    before = ast.parse(ast.unparse(node.target), mode="eval").body
    whole = ast.copy_location(ast.BinOp(before, node.op, node.value), node)
    assign(node.target, evaluate(whole, frame), frame)


def _with(node: ast.With, frame: Frame) -> Value | None:
    for item in node.items:
        evaluate(item.context_expr, frame)
        if item.optional_vars:
            assign(item.optional_vars, Value(), frame)
    kinds = suppressed(node, frame)
    try:
        with catching(kinds, frame):
            return run(node.body, frame)
    except Raised as raised:
        if raised.kind not in kinds and "*" not in kinds:
            raise
        _passed_over(node.body, raised.variables, frame)
        return None


def _function(node: ast.FunctionDef, frame: Frame) -> None:
    own = Function(node.args, node.body, frame.names, frame.path)
    frame.bind(node.name, Value(UNKNOWN if node.decorator_list else own), node.lineno)


def _class(node: ast.ClassDef, frame: Frame) -> None:
    inner = replace(frame.aside(), names=Names(frame.names))
    run(node.body, inner)
    bases = tuple(evaluate(one, frame).content for one in node.bases)
    is_configured = any(map(configures, bases))
    own = Class(node.name, bases, node.body, inner.names, frame.path, is_configured)
    frame.bind(node.name, Value(UNKNOWN if node.decorator_list else own), node.lineno)


def _return(node: ast.Return, frame: Frame) -> Value:
    value = evaluate(node.value, frame) if node.value else Value(None)
    return Value(value.content, value.variables | frame.control)


def _match(node: ast.Match, frame: Frame) -> Value | None:
    """As one `if` after the other, where each case is a plain value."""
    chain: list[ast.stmt] = []
    for case in reversed(node.cases):
        match case:
            case ast.match_case(pattern=ast.MatchAs(pattern=None, name=None), guard=None):
                chain = case.body
                continue
            case ast.match_case(pattern=ast.MatchValue() as one, guard=None):
                patterns: list[ast.pattern] = [one]
            case ast.match_case(pattern=ast.MatchOr(patterns=patterns), guard=None):
                pass
            case _:
                patterns = []
        values = [one.value for one in patterns if isinstance(one, ast.MatchValue)]
        if not values or len(values) < len(patterns):
            _not_followed(node, frame)
            return None
        test = ast.Compare(node.subject, [ast.In()], [ast.Tuple([*values], ast.Load())])
        chain = [ast.copy_location(ast.If(test, case.body, chain), node)]
    return run(chain, frame)


def _not_followed(node: ast.While | ast.Match, frame: Frame) -> None:
    inner = (one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt))
    run(list(inner), frame.aside())


def _if(node: ast.If, frame: Frame) -> Value | None:
    test = evaluate(node.test, frame)
    true = test.is_known and bool(test.content)
    chosen, other = (node.body, node.orelse) if true else (node.orelse, node.body)
    aside = frame.aside()
    aside.control |= test.variables
    elsewhere = run(other, aside)
    otherwise = _bound_in(aside, frame)
    _depend(frame, aside, test)
    with frame.because_of(test.variables):
        returned = run(chosen, frame)
    if not test.is_known:
        frame.names.perhaps |= otherwise
    elif test.variables and not frame.depth:
        _leave_unset(otherwise, test, frame)
    if not test.is_known and elsewhere is not None:
        return joined([test, elsewhere, *([returned] if returned else [])], UNKNOWN)
    if elsewhere is not None and returned is None:
        # What comes after depends on it too.
        frame.control |= test.variables
    return returned


def _bound_in(aside: Frame, frame: Frame) -> dict[str, Value]:
    """What names stand for after a branch that is not taken, and not before it."""
    before, after = frame.names.own, aside.names.own
    return {name: value for name, value in after.items() if before.get(name) is not value}


def _leave_unset(otherwise: dict[str, Value], test: Value, frame: Frame) -> None:
    """Settings that there are in a branch alone that is not taken follow from what led past it."""
    for name, value in otherwise.items():
        if name.isupper() and frame.names.get(name) is None:
            frame.names.own[name] = joined([value, test], None, value)


def _depend(frame: Frame, aside: Frame, test: Value) -> None:
    """What a branch would have bound depends on what led past it."""
    for name, value in frame.names.own.items():
        if aside.names.own.get(name) is not value:
            frame.names.own[name] = joined([value, test], value.content, value)


def _passed_over(body: Sequence[ast.stmt], variables: frozenset[str], frame: Frame) -> None:
    """What statements would have bound depends on the variables for want of which they ended."""
    if variables:
        run(body, aside := frame.aside())
        _depend(frame, aside, Value(UNKNOWN, variables))


def _try(node: ast.Try, frame: Frame) -> Value | None:
    kinds = {kind: handler for handler in node.handlers for kind in handled(handler)}
    caught = None
    try:
        with catching(kinds, frame):
            returned = run(node.body, frame)
    except Raised as raised:
        caught, variables = kinds.get(raised.kind) or kinds.get("*"), raised.variables
        if caught is None:
            raise
        if raised.module and any(isinstance(one, ast.Raise) for one in ast.walk(caught)):
            frame.reader.miss(raised.module, frame.path)
        _passed_over(node.body, variables, frame)
    if caught is not None:
        with frame.because_of(variables):
            returned = run(caught.body, frame)
    for handler in node.handlers:
        if handler is not caught:
            run(handler.body, aside := frame.aside())
            otherwise = _bound_in(aside, frame)
            frame.names.perhaps |= {
                name: value for name, value in otherwise.items() if not frame.get(name).is_known
            }
    if returned is None and caught is None:
        returned = run(node.orelse, frame)
    return run(node.finalbody, frame) or returned


def _for(node: ast.For, frame: Frame) -> Value | None:
    several: Any = evaluate(node.iter, frame)
    variables, contents = several.variables, several.content
    if not isinstance(contents, list | tuple | dict) or len(contents) > MOST_ROUNDS:
        aside = frame.aside()
        assign(node.target, Value(UNKNOWN, variables), aside)
        run(node.body, aside)
        return None
    for content in contents:
        assign(node.target, Value(content, variables), frame)
        if (returned := run(node.body, frame)) is not None:
            return returned
    return None


def _raise(node: ast.Raise, frame: Frame) -> Value | None:
    """The settings refuse to be loaded like this: what led here has to be set."""
    if not frame.taken:
        return Value()
    kind = ast.unparse(node.exc).partition("(")[0].rpartition(".")[2] if node.exc else ""
    if frame.catches(kind):
        raise Raised(kind, frame.control)
    frame.reader.refuse(frame.control)
    return Value(UNKNOWN, frame.control) if frame.depth else None


RULES: dict[type[ast.stmt], Rule] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.If: _if,
    ast.Try: _try,
    ast.For: _for,
    ast.With: _with,
    ast.Import: import_modules,
    ast.ImportFrom: import_from,
    ast.FunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.While: _not_followed,
    ast.Match: _match,
}
