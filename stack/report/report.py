"""Ending a run with a report on its hosts, before anything is applied."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click
from pyinfra import state
from pyinfra.api.exceptions import PyinfraError
from pyinfra.context import ctx_host
from pyinfra_cli.exceptions import CliError

from stack.run.output import shown
from stack.run.upstream.output import name_of
from stack.run.upstream.plans import is_planned_to_change


class ReportError(PyinfraError, CliError):  # type: ignore[misc] # pyinfra_cli has no types
    """Ends the run with a report on standard output: text, or JSON with `--json`.

    An exception is the only way to end before pyinfra applies or asks, with an exit code of
    one's own.
    """

    def __init__(self, text: str, payload: Mapping[str, object], exit_code: int) -> None:
        super().__init__("the hosts have been looked at")
        self.text = text
        self.payload = payload
        self.exit_code = exit_code

    def show(self, file: Any = None) -> None:
        """Print the report."""
        # click's own context is out of reach here, in another greenlet than the command's.
        click.echo(json.dumps(self.payload) if "--json" in sys.argv else shown(self.text))


def only_reads() -> None:
    """Refuse a run that does not compare.

    Raises:
        PyinfraError: it was started with `-y`.
    """
    if not state.should_check_for_changes():
        raise PyinfraError("this only reads: leave out -y.")


def drift_of_host() -> list[str]:
    """The names of the operations that an apply would change on the current host."""
    this = ctx_host.get()
    return [
        name_of(state.op_meta[op_hash]).replace("deploy.py | ", "")
        for op_hash in this.op_hash_order
        if is_planned_to_change(state.ops[this][op_hash].operation_meta)
    ]


def is_last(told: Mapping[str, object]) -> bool:
    """Whether this is the last of the run's hosts."""
    return len(told) == len(state.active_hosts)


def in_order(told: Mapping[str, object]) -> dict[str, Any]:
    """The same in the inventory's order, whichever host came first."""
    return {one.name: told[one.name] for one in state.inventory if one.name in told}
