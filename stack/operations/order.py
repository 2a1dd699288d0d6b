"""The order of hosts that play different roles."""

from collections.abc import Generator

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands.system import refuse
from stack.inventory.hosts import roles_of_hosts


@operation()
def others_done(role: str) -> Generator[StringCommand, None, None]:
    """Have the hosts of a role done with all that stands before this, before any host goes on.

    pyinfra keeps the order of deploy.py for each host by itself. What hosts do not share may be
    run in any order: so this is for all of them, and none may leave it out.
    """
    failed = [one.name for one in state.failed_hosts if role in roles_of_hosts()[one.name]]
    if state.is_executing and failed:
        # Not left to FAIL_PERCENT alone: a person may answer pyinfra's question with yes.
        yield refuse(f"{', '.join(failed)} failed, so {host.name} is left as it is.")
    else:
        host.noop("there is nothing to wait for")
