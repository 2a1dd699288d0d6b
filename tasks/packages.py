"""Debian's packages."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import system
from stack.project.packages import app_packages
from stack.project.target import Target


@deploy("Packages")
@on(APP)
def install(target: Target) -> None:
    """Install what the site runs on."""
    names = app_packages(target.settings)
    system.packages_installed(name=f"Install {', '.join(names)}", target=target, packages=names)
