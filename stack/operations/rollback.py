"""Going back to a release that is kept."""

from collections.abc import Generator

from pyinfra import host, state
from pyinfra.api import StringCommand, operation
from pyinfra.api.exceptions import DeployError

from stack.commands import release as commands
from stack.commands.files import put
from stack.commands.system import refuse
from stack.facts.no_way_back import NoWayBack
from stack.host.files import out_of_place
from stack.operations.foretold import foretell
from stack.project.target import Target
from stack.run import lock
from stack.run.changing import Commands, changing
from stack.state.address_taken import taken
from stack.state.going_back import changed_since
from stack.state.history import live_folder, revision_of, run_again
from stack.state.listening import shut_out
from stack.state.live import is_served
from stack.state.placement import place
from stack.state.reading import observe
from stack.state.served import script_before_a_switch


@operation()
def as_planned(target: Target, wanted: str) -> Commands:
    """Have the run end where what a host goes back from, or to, is not what was planned.

    Args:
        target: what the host is to be.
        wanted: a release that is kept; empty for the one that was live before.
    """
    if state.is_executing and (problem := changed_since(target, wanted)):
        yield refuse(f"{host.name} {problem}. Nothing was changed. Run it again.")
    else:
        host.noop("it is as it was planned")


def served(
    target: Target, folder: str, force: bool = False
) -> Generator[StringCommand, None, None]:
    """Have a release served that is on the host already.

    Args:
        target: what the host is to be.
        folder: the name of the other release in ~/releases.
        force: also to other data, or across migrations that cannot be undone.
    """
    earlier = run_again(place(target, observe(target)), folder)
    target = earlier.target
    if is_served(earlier):
        host.noop(f"{folder} is live")
        return
    if problem := taken(earlier) or shut_out(earlier):
        foretell(problem)
    live = live_folder(earlier)
    todo = []
    if live and not force:
        if not state.is_executing:
            _refuse_without_a_way_back(target, live, folder)
        todo.append(commands.check_way_back(target, live, folder))
    if wrong := out_of_place(script_before_a_switch(earlier), earlier.seen.entries):
        todo.append(put(wrong))
    virtualenv, revision = earlier.virtualenv.name, revision_of(earlier, folder)
    todo.append(commands.put_live(target, folder, virtualenv, lock.WHO, revision=revision))
    yield from changing(target, todo)


def _refuse_without_a_way_back(target: Target, live: str, folder: str) -> None:
    words = commands.way_back(target, live, folder)
    why = host.get_fact(NoWayBack, layout=target.layout, words=words)
    if why:
        first = f"{host.name}: {folder} cannot be gone back to. Nothing was changed."
        raise DeployError("\n".join([first, *why]))
