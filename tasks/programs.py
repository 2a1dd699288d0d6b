"""What runs beside the site: queue workers and the like."""

from pyinfra.api import deploy

from stack.inventory.hosts import on, plays
from stack.inventory.roles import APP
from stack.operations import programs
from stack.project.target import Target


@deploy("Programs")
def run(target: Target) -> None:
    """Run the programs of the settings, and no old ones: none on hosts that are not in app."""
    # First, so that one that moves to another host is never on two.
    programs.others_removed(name="Remove those that are no longer declared", target=target)
    if plays(APP):
        _run(target)


@deploy("Programs")
@on(APP)
def go_back(target: Target, folder: str) -> None:
    """Run the programs of the settings from a release that was gone back to."""
    _run(target, folder)


def _run(target: Target, folder: str = "") -> None:
    of = f" of {folder}" if folder else ""
    started = programs.started(target, folder)
    for name in target.settings.programs:
        # All that are started are watched at once, when the last one is.
        watched = started if started[-1:] == [name] else ()
        programs.running(
            name=f"Run {name}{of}", target=target, program=name, folder=folder, watched=watched
        )
