"""The user's login."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files
from stack.project.target import Target


@deploy("Login")
@on(APP)
def greet(target: Target) -> None:
    """Give the user virtualenvwrapper when he logs in."""
    files.in_place(
        name=f"Give {target.layout.user} virtualenvwrapper",
        target=target,
        files=target.files.login,
    )
