"""What would not go well with what the current host has, told before anything is planned there."""

from collections.abc import Sequence

from pyinfra import host
from pyinfra.api.exceptions import DeployError

from stack.host.files import Declared
from stack.project.target import Target
from stack.state import conflicts
from stack.state.broken import why_unreadable
from stack.state.certificates import certificate_of, why_not_to_serve
from stack.state.hidden import hidden
from stack.state.neighbours import served_by
from stack.state.reading import observe
from stack.state.unread import ends_in_nginx, ends_in_supervisor


def site_fits(target: Target, files: Sequence[Declared]) -> None:
    """Have no site planned for the current host that takes something else down there.

    Tells of the addresses at which visitors get somebody else's.

    Args:
        target: what the host is to be.
        files: what is declared of Nginx.

    Raises:
        DeployError: it would; says what, and what to do. Nothing was changed.
    """
    seen = observe(target)
    problem = conflicts.hindrance(seen, files, served_by(seen, target))
    problem = problem or why_unreadable(target, files)
    if problem := problem or ends_in_nginx(target, files):
        raise DeployError(f"{host.name}: {problem} Nothing was changed.")
    lines = target.settings.nginx_server.get_secret_value()
    for address, path in hidden(seen, files, lines).items():
        host.log(
            f"Visitors of {address} get {path}, and not this site: its listen names the address, "
            "and Nginx looks no further; take the address out of it."
        )


def supervisor_fits(target: Target) -> None:
    """Have no supervisord planned for the current host that runs less of somebody else's.

    Raises:
        DeployError: it would; says what, and what to do. Nothing was changed.
    """
    if problem := ends_in_supervisor(target):
        raise DeployError(f"{host.name}: {problem} Nothing was changed.")


def certificate_fits(target: Target) -> None:
    """Have no certificate planned for the current host that has expired; tell when one will soon.

    Raises:
        DeployError: it has. Nothing was changed.
    """
    seen = observe(target)
    if problem := why_not_to_serve(seen, target):
        raise DeployError(f"{host.name}: {problem}. Nothing was changed.")
    certificate = certificate_of(seen, target)
    if certificate and certificate.is_worth_a_warning(seen.now):
        host.log(f"The certificate of {' '.join(target.names)} ends on {certificate.day}")
