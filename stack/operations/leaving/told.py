"""What a host still has of a project that is leaving, and what a plan says about it."""

from collections.abc import Iterable

from pyinfra import host, state

from stack.database.observation import Server
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.presence import was_here
from stack.state.reading import observe, observe_server


def seen_of(target: Target) -> Observation:
    """What the host is like, as one with nothing on it where no deployment is known to have been.

    So a mistyped project name takes nothing from whoever has that name.
    """
    seen = observe(target)
    return seen if was_here(seen, target) else Observation()


def server_of(target: Target) -> Server:
    """The same of the host of a database."""
    seen = observe_server(target)
    return seen if was_here(observe(target), target) else Server()


def tell_removed(paths: Iterable[str]) -> None:
    if named := ", ".join(paths):
        tell([f"Will be removed: {named}"])


def tell(lines: Iterable[str]) -> None:
    """Say in a plan what is in an operation of it."""
    if not state.is_executing:
        for line in lines:
            host.log(line)
