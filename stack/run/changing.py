"""Changing the current host."""

from collections.abc import Generator, Iterable

from pyinfra import state
from pyinfra.api import StringCommand

from stack.commands.lock import after_orphans
from stack.project.target import Target
from stack.state.reading import forget


def changing(
    target: Target, commands: Iterable[StringCommand]
) -> Generator[StringCommand, None, None]:
    """Hand commands to pyinfra, after which the host has to be read again."""
    for command in commands:
        if state.is_executing:
            forget()
        yield after_orphans(target.layout, command)
