"""The schedules setting: commands that run at their times."""

import re
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stack.settings.check import Check
from stack.settings.commands import COMMAND
from stack.settings.cron import as_systemd, is_cron
from stack.settings.names import PROGRAM
from stack.settings.problem import shown

EXPECTED = 'when it runs, as systemd has it: "daily", "hourly", "Mon 04:00", "*-*-* 02:30:00"'


def _when(when: str) -> str:
    if is_cron(when):
        its = as_systemd(when)
        raise ValueError(f"is cron syntax; expected {f'{shown(its)}, ' if its else ''}{EXPECTED}")
    # Which of these systemd can read is asked of the host.
    if not re.fullmatch(r"[A-Za-z0-9*:,./~_ -]+", when) or not when.strip():
        raise ValueError
    return when.strip()


class Schedule(BaseModel, frozen=True, strict=True, extra="forbid", hide_input_in_errors=True):
    """A command that runs now and then, with the code, virtualenv and environment that are live."""

    command: Annotated[str, COMMAND]
    when: Annotated[str, Check(EXPECTED, _when)]
    hosts: Annotated[Literal["once", "each"], Check('"once" or "each"')] = Field(
        "once", description="on the inventory's first app host alone, or on each"
    )


Schedules = Annotated[
    dict[
        Annotated[str, PROGRAM],
        Annotated[Schedule, Check('{"command": …, "when": "daily"}')],
    ],
    Check('a dict of names and {"command": …, "when": "daily"}', MappingProxyType),
]
