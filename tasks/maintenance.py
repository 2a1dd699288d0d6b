"""A page in place of the site, while a person works on it."""

from pyinfra import host
from pyinfra.api import deploy
from pyinfra.api.exceptions import DeployError

from stack.commands import nginx
from stack.operations import files, services
from stack.project.target import Target
from stack.state.maintenance import is_served


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
    if not target.is_public:
        return
    if not is_served(target):
        raise DeployError(f"{host.name}: serves no site that could be closed; run deploy.py first.")
    names = " ".join(target.names)
    wanted = target.files.maintenance if on else target.files.no_maintenance
    files.in_place(
        name=f"Close {names}" if on else f"Open {names}",
        target=target,
        files=wanted,
        check=nginx.takes_it(target),
    )
    services.nginx_reads(name="Run Nginx with it", target=target, files=wanted)
