"""What goes to a command's standard input."""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache

from stack.source import Spool

LINE_BYTES = 3 * 8192
"""A whole number of base64's groups, so that the lines are one text; an SSH packet holds that."""


class Lines(tuple[str, ...]):
    """A spool as base64 in short lines, each of which is made when it is sent.

    A tuple, since pyinfra sends those line by line; and it keeps the commands of every host until
    its end, so that what is sent should take no memory.
    """

    content: Spool

    def __new__(cls, content: Spool) -> "Lines":
        """Of a spool."""
        lines = super().__new__(cls)
        lines.content = content
        return lines

    def __len__(self) -> int:
        """How many lines there are."""
        return -(-self.content.size // LINE_BYTES)

    def __iter__(self) -> Iterator[str]:
        """Make them."""
        for start in range(0, self.content.size, LINE_BYTES):
            yield line_of(self.content.read(start, LINE_BYTES))


@cache
def lines_of(content: Spool) -> Lines:
    """A spool as base64 in short lines: the same for all hosts."""
    return Lines(content)


def line_of(content: bytes) -> str:
    """Bytes as base64 in one line."""
    return b64encode(content).decode() + "\n"
