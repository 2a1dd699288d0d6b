"""Standard output and error that somebody has closed, or that cannot be written."""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
from pyinfra.api import output


def tell_lost_output_by(line: Callable[[str], str]) -> None:
    """Have what cannot be written to standard output end a run with a line, where all is done.

    pyinfra writes there last, and ends with a traceback. To standard error, where it tells how a
    run goes, nothing more is written: that nobody looks on is no reason to leave hosts half way.
    Upstream needs to catch the error where it writes.

    Args:
        line: gets the system's reason, and tells the error.
    """
    write = click.echo

    def echo(message: Any = None, file: Any = None, err: bool = False, **options: Any) -> None:
        try:
            write(message, file=file, err=err, **options)
        except OSError as error:
            _give_up(sys.stderr if err else sys.stdout)
            if not err:
                # Imported late: pyinfra's command line puts gevent in the place of much that is
                # imported after.
                from pyinfra_cli.exceptions import CliError

                raise CliError(line(error.strerror or f"{error}")) from None

    click.echo = echo  # type: ignore[assignment]
    output.set_echo(echo)


def _give_up(stream: Any) -> None:
    """Have nothing come of what is still to be written there: Python tries again at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield click, "echo"
    yield output, "set_echo"
