"""What runs beside the site: queue workers and the like."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import programs
from stack.project.release import Release


@deploy("Programs")
@on(APP)
def run(release: Release) -> None:
    """Run the programs of the settings, and no old ones."""
    for name in release.project.settings.programs:
        programs.running(name=f"Run {name}", release=release, program=name)
    programs.others_removed(name="Remove those that are no longer declared", release=release)


@deploy("Programs")
@on(APP)
def go_back(release: Release, folder: str) -> None:
    """Run the programs of the settings from a release that was gone back to."""
    for name in release.project.settings.programs:
        programs.running(
            name=f"Run {name} of {folder}", release=release, program=name, folder=folder
        )
