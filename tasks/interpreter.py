"""The Python of the settings, where Debian does not have it."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import interpreters
from stack.project.target import Target


@deploy("Python")
@on(APP)
def bring(target: Target) -> None:
    """Bring the Python of the settings, where it is a version."""
    if version := target.app.interpreter.version:
        interpreters.brought(name=f"Bring Python {version}", target=target)


@deploy("Python")
@on(APP)
def clean_up(target: Target) -> None:
    """Have none that no release needs."""
    interpreters.unneeded_removed(name="Remove those that no release needs", target=target)
