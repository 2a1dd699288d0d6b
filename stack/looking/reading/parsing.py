"""Python as it is written, as far as it is a person's."""

import ast
import re

MOST_BYTES = 1 << 20
"""Of a module: its tree takes several hundred times as much of memory."""
SEVERAL = re.compile(rb"\bexcept ([\w.]+(?:, *[\w.]+)+):")
"""Python 3.14's way to catch several, which the Python that reads may be too old for."""


def parsed(text: str | bytes) -> ast.Module:
    """What a module says. Raises SyntaxError, ValueError, RecursionError, MemoryError."""
    if len(text) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES >> 20} MB")
    try:
        return ast.parse(text)
    except SyntaxError:
        plain = text.encode(errors="replace") if isinstance(text, str) else text
        return ast.parse(SEVERAL.sub(rb"except (\1):", plain))
