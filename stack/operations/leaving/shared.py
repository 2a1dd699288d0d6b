"""What the projects of a host share, once the last has left."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import firewall, swap, updates
from stack.commands import leaving as commands
from stack.operations.leaving.told import tell, tell_removed
from stack.project.leaving import ORIGINALS
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state import firewall as of_firewall
from stack.state import leaving
from stack.state.reading import observe
from stack.state.swap import is_superfluous
from stack.state.updates import superfluous


@operation()
def given_back(target: Target) -> Commands:
    """Have what projects share as it was before the first.

    Two that leave at the same moment each take the other for one that stays, until the one that is
    the last to go has come to this. What was kept of before goes last, and tells of the rest.
    """
    seen, layout = observe(target), target.layout
    if not leaving.is_to_give_back(seen, target):
        host.noop("it is as it was, or another project has it")
        return
    nginx = leaving.shared_of_nginx(seen, target)
    if not seen.projects:
        # Else the operations before this one have told it.
        tell(nginx.told)
    tell_removed([ORIGINALS])
    todo = []
    if nginx:
        todo.append(commands.give_back_nginx(layout, nginx.removed, nginx.restored))
    if leaving.supervisor_is_others(seen, target):
        todo.append(commands.give_back_supervisor(layout))
    if files := superfluous(seen, target):
        todo.append(updates.remove(layout, files))
    if is_superfluous(seen, target):
        todo.append(swap.remove(layout))
    if files := of_firewall.superfluous(seen, target):
        todo.append(firewall.remove(layout, files))
    yield from changing(target, [*todo, commands.forget_originals(layout)])
