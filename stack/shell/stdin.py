"""What goes to a command's standard input."""

from base64 import b64encode
from functools import cache

LINE_BYTES = 3 * 8192
"""A whole number of base64's groups, so that the lines are one text; an SSH packet holds that."""


@cache
def lines_of(content: bytes) -> tuple[str, ...]:
    """Bytes as base64 in short lines: one copy of them for all hosts.

    pyinfra keeps the commands of every host until its end, and copies a line to send it.
    """
    starts = range(0, len(content), LINE_BYTES)
    return tuple(line_of(content[start : start + LINE_BYTES]) for start in starts)


def line_of(content: bytes) -> str:
    """Bytes as base64 in one line."""
    return b64encode(content).decode() + "\n"
