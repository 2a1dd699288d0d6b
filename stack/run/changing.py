"""Changing the current host."""

from collections.abc import Callable, Generator, Iterable

from pyinfra import state
from pyinfra.api import StringCommand

from stack.commands.lock import after_orphans
from stack.project.target import Target
from stack.state.reading import forget, forget_releases

Commands = Generator[StringCommand, None, None]


def changing(target: Target, commands: Iterable[StringCommand]) -> Commands:
    """Hand commands to pyinfra, after which the host has to be read again."""
    yield from _sent(target, commands, forget)


def building(target: Target, commands: Iterable[StringCommand]) -> Commands:
    """The same of commands that change nothing but releases: the rest of what was read holds."""
    yield from _sent(target, commands, forget_releases)


def _sent(
    target: Target, commands: Iterable[StringCommand], forget_it: Callable[[], None]
) -> Commands:
    for command in commands:
        if state.is_executing:
            forget_it()
        yield after_orphans(target.layout, command)


def nothing_changed() -> str:
    """What an operation says that gives up before its first command.

    A plan has changed nothing. In a run that is not planned first (-y), others came before it.
    """
    if state.is_executing:
        return "This step changed nothing; those above it are done."
    return "Nothing was changed."
