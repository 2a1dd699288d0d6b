"""What settings make of a name: a module that imports them and sets it comes too late for that."""

import ast
from collections.abc import Iterator

from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Value

MOST_TEXTS = 40


def assigned(tree: ast.Module, of: str) -> Iterator[tuple[str, str]]:
    """Other names that are the same, or that are what it is not, with the expression."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_plain(value, of):
                yield name, ast.unparse(value)


def others(tree: ast.Module, of: str) -> Iterator[int]:
    """The lines of what else is made of it as the module is imported."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.Assign(targets=[ast.Name()], value=value) if _is_plain(value, of):
                continue
        if any(_is(one, of) for one in ast.walk(node)):
            yield node.lineno


def used(tree: ast.Module, of: str) -> list[int]:
    """The lines of all that is made of it, what is the same included."""
    same = [
        node.lineno
        for node in tree.body
        if isinstance(node, ast.Assign) and _is_plain(node.value, of)
    ]
    return sorted({*same, *others(tree, of)})


def _is_plain(value: ast.expr, of: str) -> bool:
    while isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not):
        value = value.operand
    return _is(value, of)


def _is(node: ast.AST, of: str) -> bool:
    return isinstance(node, ast.Name) and node.id == of and isinstance(node.ctx, ast.Load)


def compared(modules: Modules, value: Value) -> list[str]:
    """Texts that something is compared with where a value is made, or its variables are read."""
    reads = [modules.reads[one].path for one in value.variables if one in modules.reads]
    nodes = (
        node
        for path in sorted({value.path, *reads} - {""})
        for node in ast.walk(modules.files.tree(path))
        if isinstance(node, ast.Compare | ast.MatchValue)
    )
    inner = (one.value for node in nodes for one in ast.walk(node) if isinstance(one, ast.Constant))
    return [*dict.fromkeys(one for one in inner if isinstance(one, str))][:MOST_TEXTS]
