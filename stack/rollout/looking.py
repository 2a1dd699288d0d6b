"""How a host is doing during a rollout, and at its end."""

from pyinfra import state
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host

from stack.commands import rollout as commands
from stack.project.target import Target
from stack.rollout.verdicts import Now
from stack.run import reach
from stack.run.upstream.plans import operations_of
from stack.state.history import live_folder
from stack.state.placement import place
from stack.state.reading import forget, observe
from stack.state.visited import visited


def watch(target: Target, seconds: int) -> str:
    """What is wrong with the current host's health check within that time; empty when nothing."""
    fine, told = reach.ask(commands.watch(target.layout, seconds))
    if fine:
        return ""
    return told[-1] if told else "the connection to it is gone"


def look(target: Target) -> Now:
    """How the current host is doing, asked just now."""
    try:
        if trouble := reach.again(target.layout):
            return Now("", trouble)
        forget()
        here = place(target, observe(target))
    except (PyinfraError, *reach.BROKEN) as error:
        return Now("", f"{error}")
    now = visited(here)
    trouble = watch(target, 0) if now.release or live_folder(here) else ""
    return Now(now.release, ", and ".join(filter(None, (now.doubt, trouble))))


def said_by(one: Host) -> list[str]:
    """What a host's first failing command printed."""
    metas = (meta for _, meta in operations_of(one, state))
    return next((m.stderr_lines for m in metas if m.is_complete() and m.did_error()), [])
