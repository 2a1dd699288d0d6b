"""What a host still has of a project that is leaving, and what a plan says about it."""

from collections.abc import Iterable

from pyinfra import host, state

from stack.database.observation import Server
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.neighbours import owner_of_postgresql
from stack.state.presence import was_here
from stack.state.reading import observe, observe_server

MOST_TOLD = 1000
"""Paths; keep_releases may be as high."""


def seen_of(target: Target) -> Observation:
    """What the host is like, as one with nothing on it where no deployment is known to have been.

    So a mistyped project name takes nothing from whoever has that name.
    """
    seen = observe(target)
    return seen if was_here(seen, target) else Observation()


def server_of(target: Target) -> Server:
    """The same of the host of a database, also where its PostgreSQL is another project's by now."""
    seen = observe(target)
    is_anothers = owner_of_postgresql(seen, target.layout.user) != ""
    return observe_server(target) if was_here(seen, target) and not is_anothers else Server()


def tell_removed(paths: Iterable[str]) -> None:
    """Say what goes; of what a home may hold without end, the beginning."""
    every = [*paths]
    more = f" and {len(every) - MOST_TOLD} more" if every[MOST_TOLD:] else ""
    if every:
        tell([f"Will be removed: {', '.join(every[:MOST_TOLD])}{more}"])


def tell(lines: Iterable[str]) -> None:
    """Say in a plan what is in an operation of it."""
    if not state.is_executing:
        for line in lines:
            host.log(line)
