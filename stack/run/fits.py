"""What would not go well with what the current host has, told before anything is planned there."""

from collections.abc import Iterator, Sequence

from pyinfra import host
from pyinfra.api.exceptions import DeployError

from stack.facts.python_version import PythonVersion
from stack.host.files import Declared
from stack.host.observation import Observation
from stack.inventory.roles import APP
from stack.project.target import Target
from stack.settings import Settings
from stack.state import conflicts, fitness
from stack.state.broken import why_unreadable
from stack.state.certificates import certificate_of, why_not_to_serve
from stack.state.hidden import hidden
from stack.state.neighbours import served_by
from stack.state.reading import observe
from stack.state.refusal import refusal
from stack.state.unread import ends_in_nginx, ends_in_supervisor


def misfits(seen: Observation, target: Target) -> Iterator[str]:
    """Why the current host cannot be what it is to be: a line or nothing by each check.

    Args:
        seen: what it is like.
        target: what it is to be.
    """
    if problem := fitness.unfit(seen, target.settings):
        yield problem
        return  # What was read of such a host says nothing of the rest.
    if target.leaves:
        return
    if APP in target.roles:
        yield fitness.homeless(seen)
        yield fitness.not_its_own(seen, target.settings)
        yield fitness.not_debians(seen)
        yield fitness.unguarded(seen, target.settings)
    if release := target.release:
        wanted, brought = release.requirements.requires_python, release.interpreter.version
        yield "" if brought else fitness.lacks_python(seen, target.settings)
        exact = brought or _patch(seen, target.settings, wanted)
        yield fitness.too_old(seen, target.settings, wanted, exact)
    yield refusal(seen, target)


def _patch(seen: Observation, settings: Settings, wanted: str) -> str:
    """The full version of the host's interpreter, where the project's requires-python needs it."""
    if not fitness.hangs_on_patch(seen, wanted):
        return ""
    return str(host.get_fact(PythonVersion, python=settings.python) or "")


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
