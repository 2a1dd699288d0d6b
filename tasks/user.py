"""The project's user."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import system
from stack.project.target import Target


@deploy("User")
@on(APP)
def create(target: Target) -> None:
    """Make the user who owns everything in his home."""
    system.user_present(name=f"Create {target.layout.user} and its home", target=target)
