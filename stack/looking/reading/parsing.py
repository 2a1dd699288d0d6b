"""Python as it is written, as far as it is a person's."""

import ast

MOST_BYTES = 1 << 20
"""Of a module: its tree takes several hundred times as much of memory."""


def parsed(text: str | bytes) -> ast.Module:
    """What a module says. Raises SyntaxError, ValueError, RecursionError, MemoryError."""
    if len(text) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES >> 20} MB")
    return ast.parse(text)
