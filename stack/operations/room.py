"""Room on a host's disk."""

from collections.abc import Generator

from pyinfra import host, state
from pyinfra.api import StringCommand

from stack.commands.system import refuse
from stack.state.placement import Placement
from stack.state.room import lacks_room


def refuse_without_room(here: Placement) -> Generator[StringCommand, None, None]:
    """Refuse, before anything is written, what the disk has no room for."""
    if problem := lacks_room(here):
        if not state.is_executing:
            host.log(f"This will fail: {problem}")
        yield refuse(f"{host.name}: {problem}")
