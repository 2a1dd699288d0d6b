"""The front: visitors are balanced over the app hosts."""

from pyinfra.api import deploy

from stack.commands import nginx
from stack.inventory.hosts import on
from stack.inventory.naming import named
from stack.inventory.roles import APP, LB
from stack.operations import files, order, services
from stack.project.target import Target
from stack.run.fits import tell_of_shadowed
from stack.state.default_server import nobodys


@deploy("Balancer")
def wait(target: Target) -> None:
    """Have the app hosts serve before visitors are sent there."""
    if target.front:
        order.others_done(name="Wait for the app hosts", role=APP)


@deploy("Balancer")
@on(LB)
def serve(target: Target) -> None:
    """Balance visitors over the app hosts."""
    front = target.front
    assert front  # noqa: S101 - there is one where there is a host for it
    ours = target.files.balancer
    tell_of_shadowed(target, ours)
    names = " ".join(front.site.server_name)
    services.site_moved(name=f"Move the site to {target.files.site_file}", target=target)
    services.nginx_conflicts_put_aside(
        name=f"Put aside what else serves {names}", target=target, files=ours
    )
    files.in_place(
        name=f"Balance {names} over {named(front.servers, 'app hosts')}",
        target=target,
        files=lambda seen: [*nobodys(seen, target), *ours],
        check=nginx.takes_it(target),
    )
    files.gone(
        name="Remove what settings no longer ask for",
        target=target,
        paths=target.files.undeclared,
    )
    services.nginx_loaded(
        name="Run Nginx with its configuration",
        target=target,
        files=lambda seen: [*nobodys(seen, target), *target.files.certificate, *ours],
    )
