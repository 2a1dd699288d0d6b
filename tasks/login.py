"""The user's login."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files
from stack.project import files as declared
from stack.project.release import Release


@deploy("Login")
@on(APP)
def greet(release: Release) -> None:
    """Give the user virtualenvwrapper when he logs in."""
    project = release.project
    files.in_place(
        name=f"Give {project.user} virtualenvwrapper",
        release=release,
        files=declared.login(project),
    )
