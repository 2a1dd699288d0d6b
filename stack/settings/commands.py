"""The commands setting: what else a release does on its hosts, and when."""

from types import MappingProxyType
from typing import Annotated

from stack.settings.check import Check, Listed

STEPS = ("before_static", "after_static", "first_migration", "after_migrate", "after_switch")


def _step(name: str) -> str:
    if name not in STEPS:
        raise ValueError
    return name


def _command(command: str) -> str:
    if not command.strip() or not command.isprintable():
        raise ValueError
    return command.strip()


STEP = Check(f"{', '.join(STEPS[:-1])} or {STEPS[-1]}", _step)
COMMAND = Check('one line of shell, such as "manage.py compress"', _command)
Commands = Annotated[
    dict[
        Annotated[str, STEP],
        Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")],
    ],
    Check("a dict of steps and lists of commands", MappingProxyType),
]
