"""What hosts print: text of theirs, which a person's terminal shows and pyinfra reads.

The one place where all of it comes in, and where what is decoded later is made fit to be shown.
pyinfra decodes it as UTF-8 and ends in a traceback where it is not, and passes on to the terminal
whatever a host sends.
"""

import logging
import re
from collections.abc import Callable, Iterable
from queue import Queue

from pyinfra import logger
from pyinfra.api.output import echo
from pyinfra.connectors import util

from stack.host.printable import printable
from stack.run.upstream.output import as_bytes, read_output_by

OURS = re.compile(r"(\x1b\[(?:0|1|[39][0-79])m|\n)")
"""What we print that is no text: colours, as pyinfra gives them, and the ends of lines. Of what
terminals take for a colour, some hide text, or have it blink."""

MOST_CHARACTERS = 100_000_000
"""Of what one command prints, kept until the end of a run: several times what any fact may tell."""


def read_safely() -> None:
    """Have what hosts print read as text, whatever it is, and logged as such."""
    read_output_by(_read_buffer)
    logger.addFilter(_log_safely)
    # What goes wrong on the way to a host, pyinfra tells in a line; paramiko logs a traceback too.
    logging.getLogger("paramiko").addHandler(logging.NullHandler())


def shown(text: str) -> str:
    """Lines of ours for a terminal, in which names and pages of others may stand.

    What was encoded on its way here, as in JSON, was never seen as a host's line.
    """
    parts = OURS.split(text)
    return "".join(part if OURS.fullmatch(part) else printable(part) for part in parts)


def _read_buffer(
    name: str,
    io: Iterable[bytes | str],
    output_queue: "Queue[util.OutputLine]",
    print_output: bool | str = False,
    print_func: Callable[[str], str] | None = None,
) -> None:
    as_bytes(io)
    room = MOST_CHARACTERS
    for line in io:
        text = line if isinstance(line, str) else line.decode(errors="replace")
        text = printable(text.rstrip("\n"))
        room -= len(text) + 1
        if room < 0:
            continue  # to its end, or the host would wait for a reader
        output_queue.put(util.OutputLine(name, text))
        if print_output == name:
            logger.info(print_func(text) if print_func else text)
        elif print_output is True:
            echo(print_func(text) if print_func else text, err=True)


def _log_safely(record: logging.LogRecord) -> bool:
    record.msg, record.args = shown(record.getMessage()), ()
    return True
