"""A page in place of the site, while a person works on it."""

from pyinfra import host
from pyinfra.api import deploy
from pyinfra.api.exceptions import DeployError

from stack.commands import nginx
from stack.host.files import Declared
from stack.inventory.roles import APP, LB
from stack.operations import files, order, services
from stack.project.target import Target
from stack.run.site_words import opens_behind, stays_closed
from stack.state.maintenance import has_a_word, is_served, is_unread, runs_nginx
from stack.state.reading import observe


@deploy("Maintenance")
def serve(target: Target, on: object) -> None:
    """Have visitors get the page, or the site.

    Args:
        target: what the host is to be.
        on: what `--data on=` says: whether they get the page.

    Raises:
        DeployError: it says neither, or no site is served on the host yet.
    """
    if not isinstance(on, bool):
        raise DeployError("expected --data on=True or --data on=False. Nothing was changed.")
    names = " ".join(target.names)
    if not target.is_public:
        # Visitors may have come here before, and the page is wherever it was put.
        if not on and has_a_word(observe(target), target):
            _have(f"Open {names}", target, target.files.no_maintenance)
        return
    if not is_served(target):
        raise DeployError(f"{host.name}: serves no site that could be closed; run deploy.py first.")
    if on:
        _have(f"Close {names}", target, target.files.maintenance)
    else:
        _have(f"Open {names}", target, target.files.no_maintenance)


@deploy("Maintenance")
def stay_closed(target: Target) -> None:
    """Have visitors get the page of a closed site also on hosts to which they come from now on."""
    if stays_closed(target):
        # Nginx reads it together with the site by which they come.
        files.in_place(
            name=f"Keep {' '.join(target.names)} closed here too",
            target=target,
            files=target.files.maintenance,
            check=nginx.takes_it(target),
        )


@deploy("Maintenance")
def open_behind(target: Target) -> None:
    """Have no page where visitors come no more: whoever opens the site, opens it where they do."""
    if not target.front and not target.database:
        return  # visitors come to every host
    order.others_done(name="Have it closed where visitors come", role=LB if target.front else APP)
    if opens_behind(target):
        name = f"Open {' '.join(target.names)} where visitors come no more"
        _have(name, target, target.files.no_maintenance)
    elif is_unread(observe(target), target):
        services.nginx_reads(
            name="Run Nginx with it", target=target, files=target.files.no_maintenance
        )


def _have(name: str, target: Target, wanted: list[Declared]) -> None:
    files.in_place(name=name, target=target, files=wanted, check=nginx.takes_it(target))
    if runs_nginx(observe(target), target):
        services.nginx_reads(name="Run Nginx with it", target=target, files=wanted)
