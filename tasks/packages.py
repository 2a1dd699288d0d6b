"""Debian's packages."""

from pyinfra.api import deploy

from stack.operations import system
from stack.operations.leaving import files
from stack.project.target import Target


@deploy("Packages")
def install(target: Target) -> None:
    """Install what the site runs on, or what balances it."""
    names = target.packages
    if names:
        system.packages_installed(name=f"Install {', '.join(names)}", target=target, packages=names)
        system.services_startable(name="Let their services start", target=target)
        files.originals_kept(name="Keep what their files were before", target=target)
