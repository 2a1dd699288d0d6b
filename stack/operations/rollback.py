"""Going back to a release that is kept."""

from collections.abc import Generator

from pyinfra import host
from pyinfra.api import StringCommand

from stack.commands import release as commands
from stack.project.target import Target
from stack.run import lock
from stack.run.changing import changing
from stack.state.history import live_folder, placed, revision_of
from stack.state.live import is_served
from stack.state.placement import place
from stack.state.reading import observe


def served(
    target: Target, folder: str, force: bool = False
) -> Generator[StringCommand, None, None]:
    """Have a release served that is on the host already.

    Args:
        target: what the host is to be.
        folder: the name of the other release in ~/releases.
        force: also across migrations that cannot be undone.
    """
    here = place(target, observe(target))
    earlier = placed(here, folder)
    if is_served(earlier):
        host.noop(f"{folder} is live")
        return
    live = live_folder(here)
    todo = []
    if live and not force:
        todo.append(commands.check_way_back(target.layout, live, folder))
    virtualenv, revision = earlier.virtualenv.name, revision_of(here, folder)
    todo.append(commands.put_live(target, folder, virtualenv, lock.WHO, revision=revision))
    yield from changing(target, todo)
