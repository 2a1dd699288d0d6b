"""Nginx."""

from pyinfra.api import deploy

from stack.commands import nginx
from stack.host.files import Declared
from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, services
from stack.project.target import Target
from stack.run.fits import tell_of_shadowed
from stack.state.default_server import nobodys
from stack.state.nginx_unreadable import site_as_sent, site_is_broken
from stack.state.reading import observe


@deploy("Nginx")
@on(APP)
def move(target: Target) -> None:
    """Have the site in its file, where it was in another: a release finds its visitors there."""
    services.site_moved(name=f"Move the site to {target.files.site_file}", target=target)


@deploy("Nginx")
@on(APP)
def prepare(target: Target) -> None:
    """Have Nginx in order, so that it can send visitors to a release that takes over."""
    names = " ".join(target.settings.server_name)
    ours = target.files.of_nginx
    tell_of_shadowed(target, ours)
    services.nginx_conflicts_put_aside(
        name=f"Put aside what else serves {names}", target=target, files=ours
    )
    broken = site_is_broken(target)
    mended, link = site_as_sent(target) if broken else [], _link(target, with_site=True)
    files.in_place(
        name=f"Serve {names}" if broken else "Configure it",
        target=target,
        files=lambda seen: [
            *target.files.nginx,
            *nobodys(seen, target),
            *mended,
            *link,
        ],
        check=nginx.takes_it(target),
    )


@deploy("Nginx")
@on(APP)
def serve(target: Target) -> None:
    """Serve the site."""
    # A broken one was put in place before the release took over.
    broken = site_is_broken(target)
    site = [] if broken else target.files.site
    names = " ".join(target.settings.server_name)
    files.in_place(
        name=f"Serve {names}",
        target=target,
        files=[*site, *_link(target, with_site=False)],
        check=nginx.serves_it(target),
    )
    files.gone(
        name="Remove what settings no longer ask for",
        target=target,
        paths=target.files.undeclared,
    )
    services.nginx_loaded(
        name="Run Nginx with its configuration",
        target=target,
        files=lambda seen: [
            *target.files.nginx,
            *nobodys(seen, target),
            target.files.link,
            *target.files.certificate,
            *site,
        ],
        mended=broken,
    )


@deploy("Nginx")
@on(APP)
def go_back(target: Target, folder: str) -> None:
    """Serve the site, with nothing else of Nginx's changed, once a release was gone back to."""
    site = [*target.files.site, target.files.link]
    names = " ".join(target.settings.server_name)
    files.in_place(name=f"Serve {names}", target=target, files=site, check=nginx.serves_it(target))
    files.gone(
        name="Remove what settings no longer ask for",
        target=target,
        paths=target.files.undeclared,
    )
    services.nginx_loaded(
        name="Run Nginx with its configuration", target=target, files=site, folder=folder
    )


def _link(target: Target, with_site: bool) -> list[Declared]:
    """The site's link, or nothing where it is not this step's.

    A link that leads nowhere keeps Nginx from reloading, for all projects of the host. So it is put
    in place after the site's file, or together with it.

    Args:
        target: what the host is to be.
        with_site: whether the step is for a link whose file is there already.
    """
    is_there = target.files.site_file in observe(target).nginx_files
    return [target.files.link] if is_there == with_site else []
