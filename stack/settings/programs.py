"""The programs setting: what Supervisor runs beside the site."""

import re
import shlex
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from stack.settings.check import Check, at_least
from stack.settings.names import BESIDE


def _command(command: str) -> str:
    # Supervisor ends a value at " ;", and has no way to write a line end.
    if not command.strip() or not command.isprintable() or re.search(r"\s[;#]", command):
        raise ValueError
    try:
        shlex.split(command)  # as Supervisor does
    except ValueError as error:
        why = str(error)
        why = why[:1].lower() + why[1:]
        raise ValueError(f"cannot be split into words: {why}; expected another one") from None
    return command.strip()


COMMAND = Check('one line without " ;" or " #", such as "celery -A fooproject worker"', _command)


class Program(BaseModel, frozen=True, strict=True, extra="forbid", hide_input_in_errors=True):
    """A command that runs with the release's code, virtualenv and environment."""

    command: Annotated[str, COMMAND]
    stop_seconds: Annotated[int, at_least(1)] = Field(
        60, description="how long it may take to finish its work"
    )
    hosts: Annotated[Literal["once", "each"], Check('"once" or "each"')] = Field(
        "each", description="on the inventory's first app host alone, or on each"
    )


def _program(value: Any) -> Any:
    return {"command": value} if isinstance(value, str) else value


PROGRAM = Check('a command as text, or {"command": …, "stop_seconds": 60}')
PROGRAMS = Check(
    'a dict of names and commands, or {"command": …, "stop_seconds": 60}', MappingProxyType
)
Programs = Annotated[
    dict[Annotated[str, BESIDE], Annotated[Program, BeforeValidator(_program), PROGRAM]], PROGRAMS
]
