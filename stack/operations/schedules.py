"""Commands that run at their times."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import timers
from stack.host.files import out_of_place
from stack.operations.diff import show
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state.reading import observe
from stack.state.schedules import is_scheduled, undeclared, unit_of


@operation()
def scheduled(target: Target, schedule: str) -> Commands:
    """Have a command run on schedule from whatever release is live then, if this host is to run it.

    Args:
        target: what the host is to be.
        schedule: its name.
    """
    seen = observe(target)
    if schedule not in target.files.schedules:
        host.noop(f"{schedule} is for another host")
        return
    if is_scheduled(seen, target, schedule):
        host.noop(f"{schedule} is scheduled")
        return
    wrong = out_of_place(target.files.schedules[schedule], seen.entries)
    show(wrong, seen.entries)
    yield from changing(target, timers.run(unit_of(target, schedule), wrong))


@operation()
def others_removed(target: Target) -> Commands:
    """Have no schedules of this project's that are not this host's."""
    if old := undeclared(observe(target), target):
        yield from changing(target, [timers.remove(old)])
    else:
        host.noop("no old schedules")
