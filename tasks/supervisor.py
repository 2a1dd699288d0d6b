"""Supervisor itself."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.project import files as declared
from stack.project.release import Release


@deploy("Supervisor")
@on(APP)
def configure(release: Release) -> None:
    """Run supervisord so that the project's user can talk to it."""
    files.in_place(
        name=f"Let {release.project.user} use supervisorctl",
        release=release,
        files=declared.supervisor(release.project),
    )
    system.socket_opened(name="Open its socket to the group nogroup", release=release)
    system.supervisor_strays_put_aside(
        name=f"Put aside what else declares {release.project.settings.program}", release=release
    )
