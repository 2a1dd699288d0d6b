"""One run at a time for a host."""

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import system
from stack.inventory.hosts import names_of
from stack.project.target import Target
from stack.run import lock
from stack.run.changing import Commands
from stack.state.reading import observe
from stack.state.refusal import refusals


@operation()
def other_runs_kept_away(target: Target) -> Commands:
    """Have no other run deploy to the host for as long as this one lasts.

    That is no change of the host's, so a plan never has it.
    """
    if state.is_executing and state.failed_hosts:
        # A person may have told pyinfra to go on without them.
        lost = ", ".join(names_of(state.failed_hosts))
        line = f"{lost}: cannot be reached; fix that, or leave them out with --exclude."
        yield system.refuse(f"{line} Nothing was changed.")
    elif state.is_executing and (problem := _kept_from(target)):
        yield system.refuse(f"{host.name} {problem}. Nothing was changed.")
    elif state.is_executing and not target.leaves:
        # Another project may have come since the plan, which a person may have read for long.
        taken = refusals(observe(target), target)
        lines = [f"{host.name}: {line} Nothing was changed." for line in taken]
        if lines:
            yield system.refuse("\n".join(lines))


def _kept_from(target: Target) -> str:
    """Why the host has to be left alone; an empty string when it has not."""
    try:
        other = lock.hold(target.layout)
    except lock.OneCommandError:
        return "allows one command at a time: set MaxSessions 2 or more in its sshd_config"
    return f"is being deployed to by {other}" if other else ""
