"""What hosts print: text of theirs, which a person's terminal shows and pyinfra reads.

The one place where all of it comes in. pyinfra decodes it as UTF-8 and ends in a traceback where it
is not, and passes on to the terminal whatever a host sends: upstream would need `errors="replace"`
in pyinfra.connectors.util.read_buffer, and an escaping of what is no text.
"""

from collections.abc import Callable, Iterable
from queue import Queue

from paramiko import ChannelFile
from pyinfra.api.output import echo
from pyinfra.connectors import util


def read_safely() -> None:
    """Have what hosts print read as text, whatever it is."""
    util.read_buffer = _read_buffer


def printable(text: str) -> str:
    """A line with every character that is none in print replaced: terminals obey some of them."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\t" else "?" for char in text)


def _read_buffer(
    name: str,
    io: Iterable[bytes | str],
    output_queue: "Queue[util.OutputLine]",
    print_output: bool = False,
    print_func: Callable[[str], str] | None = None,
) -> None:
    if isinstance(io, ChannelFile):
        # As text it would raise an error at the first byte that is not UTF-8.
        io._flags |= ChannelFile.FLAG_BINARY  # type: ignore[attr-defined]
    for line in io:
        text = line if isinstance(line, str) else line.decode(errors="replace")
        text = printable(text.rstrip("\n"))
        output_queue.put(util.OutputLine(name, text))
        if print_output:
            echo(print_func(text) if print_func else text, err=True)
