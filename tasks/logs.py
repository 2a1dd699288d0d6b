"""The logs."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.project import files as declared
from stack.project.release import Release


@deploy("Logs")
@on(APP)
def keep(release: Release) -> None:
    """Keep logs where the user can read them, and rotate them."""
    project = release.project
    files.in_place(
        name=f"Keep logs in {project.logs}", release=release, files=declared.logs(project)
    )
    system.logs_linked(name="Show them in ~/logs", release=release)
