"""The commands setting: what else a release does on its hosts, and when."""

import re
import subprocess
from functools import cache
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
    if why := _misread(command.strip()):
        raise ValueError(f"is not a valid shell command: {why}; expected another one")
    return command.strip()


@cache
def _misread(command: str) -> str:
    """What a shell has against a command, which it reads and does not run; empty for nothing."""
    told = subprocess.run(
        ["sh", "-n", "-c", "--", command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    if not told.returncode:
        return ""
    first = (told.stderr.splitlines() or ["it says nothing more"])[0]
    return re.sub(r"^\S*sh: (-c: )?(line )?\d+: ", "", first)


STEP = Check(f"{', '.join(STEPS[:-1])} or {STEPS[-1]}", _step)
COMMAND = Check('one line of shell, such as "manage.py compress"', _command)
Commands = Annotated[
    dict[
        Annotated[str, STEP],
        Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")],
    ],
    Check("a dict of steps and lists of commands", MappingProxyType),
]
