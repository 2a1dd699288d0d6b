"""Nginx."""

from pyinfra.api import deploy

from stack.commands import nginx
from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.project.target import Target
from stack.run.target import site_fits


@deploy("Nginx")
@on(APP)
def prepare(target: Target) -> None:
    """Have Nginx in order, so that it can send visitors to a release that takes over.

    Raises:
        DeployError: what is on the host would not be served any longer.
    """
    names = " ".join(target.settings.server_name)
    ours = [*target.files.nginx, *target.files.site]
    site_fits(target, ours)
    system.nginx_conflicts_put_aside(
        name=f"Put aside what else serves {names}", target=target, files=ours
    )
    files.in_place(
        name="Configure it for one site",
        target=target,
        files=target.files.nginx,
        check=nginx.takes_it_so_far(),
    )


@deploy("Nginx")
@on(APP)
def serve(target: Target) -> None:
    """Serve the site."""
    site = target.files.site
    names = " ".join(target.settings.server_name)
    files.in_place(
        name=f"Serve {names}",
        target=target,
        files=site,
        check=nginx.serves_it(target.layout),
    )
    system.nginx_loaded(
        name="Run Nginx with its configuration", target=target, files=[*target.files.nginx, *site]
    )
