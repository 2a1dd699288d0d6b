"""Commands that run at their times."""

from pyinfra.api import deploy

from stack.inventory.hosts import plays
from stack.inventory.roles import APP
from stack.operations import schedules
from stack.project.target import Target


@deploy("Schedules")
def run(target: Target) -> None:
    """Have the commands of the settings run at their times, and no old ones: none on hosts that are
    not in app.
    """
    # First, so that what moves to another host is never on two.
    schedules.others_removed(name="Remove those that are no longer declared", target=target)
    if not plays(APP):
        return
    for name, its in target.settings.schedules.items():
        schedules.scheduled(name=f"Run {name} {its.when}", target=target, schedule=name)
