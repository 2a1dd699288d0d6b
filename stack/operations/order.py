"""The order of hosts that play different roles."""

from collections.abc import Generator, Sequence

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands.system import refuse
from stack.inventory.hosts import left_out, roles_of_hosts
from stack.inventory.naming import named


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


def is_asked_for_elsewhere(who: Sequence[str], role: str) -> bool:
    """Whether hosts of a role may count on what a host is about to shut out; a plan says so.

    Only those that this run is over are known to do so no longer.

    Args:
        who: what is let in and no longer declared, for a person.
        role: empty where no host has a say in it.
    """
    outside = left_out(role) if role else []
    if outside and not state.is_executing:
        these = f"{named(outside, 'hosts')} {'is' if len(outside) == 1 else 'are'}"
        host.log(
            f"Will still let in {', '.join(who)}: {these} not in this run, and may have visitors "
            "sent there; a run that has both shuts them out"
        )
    return bool(outside)
