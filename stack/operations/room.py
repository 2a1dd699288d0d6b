"""Room on a host's disk."""

from collections.abc import Generator

from pyinfra import host, state
from pyinfra.api import StringCommand

from stack.operations.foretold import refuse_foretold
from stack.state.placement import Placement
from stack.state.room import gone_for_room, lacks_room


def refuse_without_room(here: Placement) -> Generator[StringCommand, None, None]:
    """Refuse, before anything is written, what the disk has no room for.

    How much room old releases make that are to go first, a plan does not know.
    """
    is_to_come = not state.is_executing and gone_for_room(here, here.target.settings.keep_releases)
    if not is_to_come and (problem := lacks_room(here)):
        yield from refuse_foretold(problem, f"{host.name}: ")
