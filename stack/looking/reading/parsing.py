"""Python as it is written, as far as it is a person's."""

import ast
import re

MOST_BYTES = 1 << 20
"""Of a module: its tree takes several hundred times as much of memory."""
DEEPEST = 200
"""Nodes of its tree in one another, which recursion looks into: Django's own have 28 at most."""
SEVERAL = re.compile(rb"\bexcept ([\w.]+(?:, *[\w.]+)+):")
"""Python 3.14's way to catch several, which the Python that reads may be too old for."""


def parsed(text: str | bytes) -> ast.Module:
    """What a module says. Raises SyntaxError, ValueError, RecursionError, MemoryError."""
    if len(text) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES >> 20} MB")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        plain = text.encode(errors="replace") if isinstance(text, str) else text
        tree = ast.parse(SEVERAL.sub(rb"except (\1):", plain))
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [one for node in level for one in ast.iter_child_nodes(node)]
    if level:
        raise ValueError(f"it has more than {DEEPEST} nodes of its tree in one another")
    return tree
