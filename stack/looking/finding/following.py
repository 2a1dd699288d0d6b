"""What settings make of DEBUG: a module that imports them, and sets it, comes too late for that."""

import ast
from collections.abc import Iterator

DEBUG = "DEBUG"


def assigned(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names that are DEBUG, or that are what it is not, with the expression."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_plain(value):
                yield name, ast.unparse(value)


def others(tree: ast.Module) -> Iterator[int]:
    """The lines of what else is made of it as the module is imported."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.Assign(targets=[ast.Name()], value=value) if _is_plain(value):
                continue
        if any(map(_is_debug, ast.walk(node))):
            yield node.lineno


def _is_plain(value: ast.expr) -> bool:
    while isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not):
        value = value.operand
    return _is_debug(value)


def _is_debug(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == DEBUG and isinstance(node.ctx, ast.Load)
