"""Supervisor itself."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.naming import named
from stack.inventory.roles import APP
from stack.operations import files, services
from stack.project.target import Target
from stack.state.neighbours import neighbours
from stack.state.reading import observe


@deploy("Supervisor")
@on(APP)
def configure(target: Target) -> None:
    """Run supervisord so that the project's user can talk to it."""
    services.supervisor_continued(name="Continue supervisord", target=target)
    files.in_place(
        name=f"Let {target.layout.user} use supervisorctl",
        target=target,
        files=target.files.supervisor,
    )
    several = neighbours(observe(target), target.layout.user)
    services.socket_guarded(
        name="Keep its socket to root, as several projects are here"
        if several
        else "Open its socket to the group nogroup",
        target=target,
    )
    programs = named([target.settings.program, *target.settings.programs], "programs")
    services.supervisor_conflicts_put_aside(
        name=f"Put aside what else declares {programs}", target=target
    )
