"""Nginx."""

from pyinfra.api import deploy

from stack.commands import nginx
from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.project import files as declared
from stack.project.release import Release
from stack.run.target import site_fits


@deploy("Nginx")
@on(APP)
def prepare(release: Release) -> None:
    """Have Nginx in order, so that it can send visitors to a release that takes over.

    Raises:
        DeployError: what is on the host would not be served any longer.
    """
    names = " ".join(release.project.settings.server_name)
    ours = [*declared.nginx(), *declared.site(release.project)]
    site_fits(release, ours)
    system.nginx_strays_put_aside(
        name=f"Put aside what else serves {names}", release=release, files=ours
    )
    files.in_place(
        name="Configure it for one site",
        release=release,
        files=declared.nginx(),
        check=nginx.takes_it_so_far(),
    )


@deploy("Nginx")
@on(APP)
def serve(release: Release) -> None:
    """Serve the site."""
    site = declared.site(release.project)
    names = " ".join(release.project.settings.server_name)
    files.in_place(
        name=f"Serve {names}",
        release=release,
        files=site,
        check=f"{nginx.takes_it()} && {nginx.django_knows_it(release.project)}",
    )
    system.nginx_loaded(
        name="Run Nginx with its configuration", release=release, files=[*declared.nginx(), *site]
    )
