"""Room on a host's disk."""

from collections.abc import Generator

from pyinfra import host
from pyinfra.api import StringCommand

from stack.operations.foretold import refuse_foretold
from stack.state.placement import Placement
from stack.state.room import lacks_room


def refuse_without_room(here: Placement) -> Generator[StringCommand, None, None]:
    """Refuse, before anything is written, what the disk has no room for."""
    if problem := lacks_room(here):
        yield from refuse_foretold(problem, f"{host.name}: ")
