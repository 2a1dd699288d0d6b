"""Commands that run at their times."""

from pyinfra import host
from pyinfra.api import deploy
from pyinfra.api.exceptions import DeployError

from stack.facts.calendar import CalendarProblem
from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import schedules
from stack.project.target import Target
from stack.state.reading import observe
from stack.state.schedules import is_scheduled


@deploy("Schedules")
@on(APP)
def run(target: Target) -> None:
    """Have the commands of the settings run at their times, and no old ones.

    Raises:
        DeployError: systemd cannot read a time.
    """
    for name in target.files.schedules:
        when = target.settings.schedules[name].when
        if not is_scheduled(observe(target), target, name) and (
            problem := host.get_fact(CalendarProblem, when=when)
        ):
            raise DeployError(
                f'{host.name}: schedules["{name}"].when = "{when}": {problem}. Nothing was changed.'
            )
    # First, so that what moves to another host is never on two.
    schedules.others_removed(name="Remove those that are no longer declared", target=target)
    for name, its in target.settings.schedules.items():
        schedules.scheduled(name=f"Run {name} {its.when}", target=target, schedule=name)
