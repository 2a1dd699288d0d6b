"""Pythons that Debian does not have."""

from functools import cache

from pyinfra import host, state
from pyinfra.api import operation
from pyinfra.api.exceptions import DeployError
from pyinfra.facts.server import Arch

from stack.commands import interpreters as commands
from stack.project.target import Target
from stack.run.changing import Commands, changing, nothing_changed
from stack.source import SourceError, Spool
from stack.state.interpreters import is_brought, unneeded
from stack.state.placement import place
from stack.state.reading import observe
from stack.state.scope import must_read


@operation()
def brought(target: Target) -> Commands:
    """Have the interpreter of the settings on the host, where all of its projects can use it."""
    its, project = target.app.interpreter, target.layout.user
    must_read(target, paths=[its.command, str(its.mark(project))])
    seen = observe(target)
    if is_brought(seen, target):
        host.noop("the interpreter is there")
        return
    archive = None if its.command in seen.entries else archive_of(target)
    yield from changing(target, [commands.bring(its, project, archive)])


def archive_of(target: Target) -> Spool:
    """The archive of the interpreter, as this machine has it.

    Raises:
        DeployError: it cannot be had.
    """
    try:
        return target.app.interpreter.archive(_machine(host.name))
    except SourceError as error:
        raise DeployError(f"{error}. {nothing_changed()}") from None


@operation()
def unneeded_removed(target: Target) -> Commands:
    """Have no interpreter that was brought for a release which is no longer kept."""
    if paths := unneeded(place(target, observe(target)), switched=state.is_executing):
        must_read(target, paths=paths)
        yield from changing(target, [commands.remove(paths)])
    else:
        host.noop("every one is needed")


@cache
def _machine(name: str) -> str:
    """That of the current host, by its name; pyinfra would ask it each time."""
    return host.get_fact(Arch) or ""
