"""The end of a run whose rollout was not completed."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click
from pyinfra.api.exceptions import PyinfraError
from pyinfra_cli.exceptions import CliError

from stack.run.upstream.output import tell_errors_in_a_line, tell_failed_hosts_by_name


def fail_plainly() -> None:
    """Have errors that a person can mend told in one line each."""
    tell_errors_in_a_line(told_elsewhere=RolloutError)
    tell_failed_hosts_by_name()


class RolloutError(PyinfraError, CliError):  # type: ignore[misc] # pyinfra_cli has no types
    """Ends the run with a verdict.

    An exception is the only way to end it for every host with words of our own, and without a
    question to the person at the terminal.
    """

    def __init__(self, text: str, payload: Mapping[str, object], exit_code: int) -> None:
        super().__init__(text)
        self.payload = payload
        self.exit_code = exit_code

    def show(self, file: Any = None) -> None:
        """Print the verdict; with `--json` also for machines, on standard output."""
        super().show(file)
        # click's own context is out of reach here, in another greenlet than the command's.
        if "--json" in sys.argv:
            click.echo(json.dumps(self.payload))
