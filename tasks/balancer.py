"""The front: visitors are balanced over the app hosts."""

from pyinfra.api import deploy

from stack.commands import nginx
from stack.inventory.hosts import on
from stack.inventory.naming import named
from stack.inventory.roles import APP, LB
from stack.operations import files, order, system
from stack.project import files as declared
from stack.project.packages import BALANCER
from stack.project.release import Release
from stack.run.target import site_fits


@deploy("Balancer")
def wait(release: Release) -> None:
    """Have the app hosts serve before visitors are sent there."""
    if release.project.front:
        order.others_done(name="Have the app hosts serve first", role=APP)


@deploy("Balancer")
@on(LB)
def serve(release: Release) -> None:
    """Balance visitors over the app hosts.

    Raises:
        DeployError: what is on the host would not be served any longer.
    """
    front = release.project.front
    assert front  # noqa: S101 - there is one where there is a host for it
    ours = declared.balancer(release.project)
    site_fits(release, ours)
    names = " ".join(front.site.server_name)
    system.packages_installed(
        name=f"Install {', '.join(BALANCER)}", release=release, packages=BALANCER
    )
    system.nginx_strays_put_aside(
        name=f"Put aside what else serves {names}", release=release, files=ours
    )
    files.in_place(
        name=f"Balance {names} over {named(front.servers, 'app hosts')}",
        release=release,
        files=ours,
        check=nginx.takes_it(),
    )
    system.nginx_loaded(name="Run Nginx with its configuration", release=release, files=ours)
