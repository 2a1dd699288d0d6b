"""What hosts print is text, and nothing that a terminal obeys."""

import logging
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


def test_only_our_colours_and_lines_reach_the_terminal() -> None:
    ours = "\x1b[33mreleases\x1b[0m\n"
    assert output.shown(f"{ours}\x1b]0;title\x07 \x1b[2J") == f"{ours}?]0;title? ?[2J"


def test_what_is_logged_is_printable(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("a log as pyinfra's")
    log.addFilter(output._log_safely)
    log.warning("has pointers (%s)", "\x1b]0;title\x07")
    assert caplog.messages == ["has pointers (?]0;title?)"]


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
