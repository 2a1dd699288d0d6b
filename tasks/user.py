"""The project's user."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import system
from stack.project.release import Release


@deploy("User")
@on(APP)
def create(release: Release) -> None:
    """Make the user who owns everything in his home."""
    system.user_present(name=f"Create {release.project.user} and his home", release=release)
