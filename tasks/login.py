"""The user's login."""

from pyinfra.api import deploy

from stack import declared
from stack.inventory import on
from stack.operations import files
from stack.release import Release
from stack.roles import APP


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
