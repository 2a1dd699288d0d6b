"""Ending a run with a report on its hosts, before anything is applied."""

import json
import sys
from collections.abc import Mapping
from typing import Any, TypeVar

from pyinfra import state
from pyinfra.context import ctx_host

from stack.run.output import shown
from stack.run.upstream.ending import EndOfRunError
from stack.run.upstream.output import name_of
from stack.run.upstream.plans import is_planned_to_change, operations_of

T = TypeVar("T")


class ReportError(EndOfRunError):
    """Ends the run with a report on standard output: text, or JSON with `--json`."""

    def __init__(self, text: str, payload: Mapping[str, object], exit_code: int) -> None:
        super().__init__("the hosts have been looked at", payload, exit_code)
        self.text = text

    def show(self, file: Any = None) -> None:
        """Print the report."""
        # click's own context is out of reach here, in another greenlet than the command's.
        self.tell(json.dumps(self.payload) if "--json" in sys.argv else shown(self.text))


def drift_of_host() -> list[str]:
    """The names of the operations that an apply would change on the current host."""
    return [
        name_of(what).replace("deploy.py | ", "")
        for what, here in operations_of(ctx_host.get(), state)
        if is_planned_to_change(here)
    ]


def is_last(told: Mapping[str, object]) -> bool:
    """Whether this is the last of the run's hosts."""
    return len(told) == len(state.active_hosts)


def in_order(told: Mapping[str, T]) -> dict[str, T]:
    """The same in the inventory's order, whichever host came first."""
    return {one.name: told[one.name] for one in state.inventory if one.name in told}
