"""The end of a run in words of ours."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module

import click
from pyinfra.api.exceptions import PyinfraError
from pyinfra_cli.exceptions import CliError


class EndOfRunError(PyinfraError, CliError):  # type: ignore[misc] # pyinfra_cli has no types
    """Ends a run for every host, with what `show` prints and an exit code of one's own.

    Upstream has no other way to end one before it applies or asks, and without a question to the
    person at the terminal.
    """

    def __init__(self, text: str, payload: Mapping[str, object], exit_code: int) -> None:
        super().__init__(text)
        self.payload = payload
        self.exit_code = exit_code

    def tell(self, text: str) -> None:
        """Print it on standard output.

        Raises:
            SystemExit: it cannot be; the exit code tells what was seen all the same, and is no 0.
        """
        try:
            click.echo(text)
        except CliError as error:
            error.show()
            sys.exit(self.exit_code or error.exit_code)


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield import_module("pyinfra_cli.exceptions"), "CliError"
