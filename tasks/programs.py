"""What runs beside the site: queue workers and the like."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import programs
from stack.project.target import Target


@deploy("Programs")
@on(APP)
def run(target: Target) -> None:
    """Run the programs of the settings, and no old ones."""
    # First, so that one that moves to another host is never on two.
    programs.others_removed(name="Remove those that are no longer declared", target=target)
    for name in target.settings.programs:
        programs.running(name=f"Run {name}", target=target, program=name)


@deploy("Programs")
@on(APP)
def go_back(target: Target, folder: str) -> None:
    """Run the programs of the settings from a release that was gone back to."""
    for name in target.settings.programs:
        programs.running(name=f"Run {name} of {folder}", target=target, program=name, folder=folder)
