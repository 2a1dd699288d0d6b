"""What hosts print is text, and nothing that a terminal obeys."""

from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyinfra.connectors import util

from stack.run import output


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("tabs\tstay", "tabs\tstay"),
        ("naïve ☃", "naïve ☃"),
        ("\x1b]0;title\x07", "?]0;title?"),
        ("a\rb\u202ec", "a?b?c"),
    ],
)
def test_a_line_is_printable(said: str, shown: str) -> None:
    assert output.printable(said) == shown


@given(st.lists(st.binary()))
def test_any_bytes_are_read(lines: list[bytes]) -> None:
    before = util.read_buffer
    output.read_safely()
    try:
        queue: Queue[util.OutputLine] = Queue()
        util.read_buffer("stdout", lines, queue)
    finally:
        util.read_buffer = before
    assert len(queue.queue) == len(lines)
    assert all(one.line.replace("\t", "").isprintable() for one in queue.queue)
