"""Debian's packages."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import system
from stack.project.packages import package_names
from stack.project.release import Release


@deploy("Packages")
@on(APP)
def install(release: Release) -> None:
    """Install what the site runs on."""
    names = package_names(release.project.settings)
    system.packages_installed(name=f"Install {', '.join(names)}", release=release, packages=names)
