"""Nginx."""

from pyinfra.api import deploy

from stack import declared
from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.release import Release


@deploy("Nginx")
@on(APP)
def serve(release: Release) -> None:
    """Serve the site."""
    ours = declared.nginx(release.project)
    names = " ".join(release.project.settings.server_name)
    system.nginx_strays_put_aside(
        name=f"Put aside what else serves {names}", release=release, files=ours
    )
    files.in_place(name=f"Serve {names}", release=release, files=ours, check="nginx -t -q")
    system.nginx_loaded(name="Run Nginx with its configuration", release=release, files=ours)
