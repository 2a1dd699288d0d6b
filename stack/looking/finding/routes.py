"""The routes of a urls.py, as far as it can be read which there are."""

import ast

from stack.looking.reading.parsing import parsed

NAME = "urlpatterns"
ROUTES = ("path", "re_path", "url")
FILES = ("static", "staticfiles_urlpatterns")
"""What brings routes to files, and to no page."""
INNER = (
    ast.If,
    ast.For,
    ast.While,
    ast.Try,
    ast.ExceptHandler,
    ast.With,
    ast.Match,
    ast.match_case,
)


def routes(text: str) -> dict[str, str]:
    """The routes of a urls.py with their views; none where there may be others.

    Those that are there under some condition count as well: a page that there may be is no lack.
    """
    reading = _Reading()
    try:
        for node in parsed(text).body:
            reading.follow(node)
    except (_UnreadableError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return reading.found


class _UnreadableError(Exception):
    """There may be any route."""


class _Reading:
    """The routes up to a statement."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.is_bound = False

    def follow(self, node: ast.AST) -> None:
        """Take what a statement makes of them. Raises _UnreadableError."""
        if not self._is_about_them(node):
            return
        match node:
            case ast.Assign(targets=targets, value=value) if all(map(_is_it, targets)):
                self._take(value)
            case ast.AnnAssign(target=ast.Name(), value=value):
                if value:
                    self._take(value)
            case ast.AugAssign(target=ast.Name(), op=ast.Add(), value=value) if self.is_bound:
                self._take(value)
            case ast.Expr(value=ast.Call() as call) if self.is_bound:
                self._call(call)
            case _ if isinstance(node, INNER):
                for inner in ast.iter_child_nodes(node):
                    self.follow(inner)
            case _:
                raise _UnreadableError

    def _call(self, node: ast.Call) -> None:
        of = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        match _last(node.func), node.args:
            case ("append", [one]) | ("insert", [_, one]) if _is_it(of):
                self._one(one)
            case "extend", [several] if _is_it(of):
                self._take(several)
            case _:
                raise _UnreadableError

    def _take(self, node: ast.expr) -> None:
        match node:
            case ast.List(elts=several) | ast.Tuple(elts=several):
                for one in several:
                    if isinstance(one, ast.Starred):
                        self._take(one.value)
                    else:
                        self._one(one)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._take(left)
                self._take(right)
            case ast.Name() if _is_it(node) and self.is_bound:
                pass
            case ast.Call(func=func) if _last(func) in FILES:
                pass
            case _:
                self._one(node)
        self.is_bound = True

    def _one(self, node: ast.expr) -> None:
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str() as route), view, *_]) if (
                _last(func) in ROUTES
            ):
                self.found[route] = ast.unparse(view)
            case _:
                raise _UnreadableError

    def _is_about_them(self, node: ast.AST) -> bool:
        """Whether any part of a statement may change them, as a star import of others does."""
        if isinstance(node, ast.Assign) and _last(node.targets[0]) == "__all__":
            return False
        for one in ast.walk(node):
            match one:
                case ast.Name(id=name) | ast.Constant(value=name) if name == NAME:
                    return True
                case ast.alias(name=name, asname=other) if NAME in (name, other):
                    return True
                case ast.alias(name="*") if self.is_bound:
                    return True
        return False


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _is_it(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == NAME
