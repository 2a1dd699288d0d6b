"""What would not go well with what the current host has, told before anything is planned there."""

from collections.abc import Iterator, Sequence

from pyinfra import host

from stack.database import others
from stack.facts.calendar import CalendarProblem
from stack.facts.container import Container
from stack.facts.python_version import PythonVersion
from stack.host.files import Declared
from stack.host.observation import Observation
from stack.inventory.roles import APP, DB, LB
from stack.project.target import Target
from stack.settings import Settings
from stack.state import by_hand, conflicts, firewall, fitness
from stack.state.certificates import certificate_of, why_not_to_serve
from stack.state.neighbours import served_by
from stack.state.nginx_unreadable import why_unreadable
from stack.state.placement import place
from stack.state.presence import is_here
from stack.state.reading import observe, observe_server
from stack.state.refusal import refusals
from stack.state.replaced_main_files import ends_in_nginx, ends_in_supervisor
from stack.state.schedules import is_scheduled
from stack.state.shadowed import shadowed
from stack.state.swap import is_on


def misfits(
    seen: Observation, target: Target, deploys: bool, spares_home: bool = False
) -> Iterator[str]:
    """Why the current host cannot be what it is to be: a line, or an empty one, by each check.

    What a check asks of the host besides what was read, it asks only where something is to change.

    Args:
        seen: what it is like.
        target: what it is to be.
        deploys: whether all of that is to be made so, and not one release or page of it.
        spares_home: whether nothing is written to the home.
    """
    if problem := fitness.unfit(seen, target.settings):
        yield problem
        return  # What was read of such a host says nothing of the rest.
    if APP in target.roles and not spares_home:
        yield _of_the_home(seen, target)
    if target.leaves:
        return
    if APP in target.roles:
        yield from _of_the_app(seen, target)
    taken = [*refusals(seen, target)]
    yield from taken
    if not deploys or (seen.read_only and APP in target.roles):
        return  # A disk that has failed is asked nothing more.
    yield from _of_the_server(seen, target)
    if APP in target.roles:
        yield from _of_what_runs(seen, target)
    if taken:
        return  # In whose place a site is to be hangs on what those settings will be.
    if APP in target.roles:
        yield from _of_nginx(seen, target, target.files.of_nginx)
    if LB in target.roles:
        yield from _of_nginx(seen, target, target.files.balancer)


def _of_the_home(seen: Observation, target: Target) -> str:
    """Why the home does not let the project come, change or go."""
    if not target.leaves:
        return fitness.home_trouble(seen)
    # Where it has gone before, there is nothing to remove.
    return fitness.unwritable(seen) if is_here(seen, target) else ""


def _of_the_app(seen: Observation, target: Target) -> Iterator[str]:
    yield fitness.not_its_own(seen, target.settings)
    yield fitness.not_debians(seen)
    yield fitness.unguarded(seen, target.settings)
    if release := target.release:
        wanted, brought = release.requirements.requires_python, release.interpreter.version
        yield "" if brought else fitness.lacks_python(seen, target.settings)
        exact = brought or _patch(seen, target.settings, wanted)
        yield fitness.too_old(seen, target.settings, wanted, exact)


def _patch(seen: Observation, settings: Settings, wanted: str) -> str:
    """The full version of the host's interpreter, where the project's requires-python needs it."""
    if not fitness.hangs_on_patch(seen, wanted):
        return ""
    return str(host.get_fact(PythonVersion, python=settings.python) or "")


def _of_the_server(seen: Observation, target: Target) -> Iterator[str]:
    size = target.settings.swap
    if size and not is_on(seen, size) and (kind := host.get_fact(Container)):
        yield (
            f'swap = "{size}": is a container ({kind}), where systemd turns no swap on: that is '
            "for the machine that it runs on. Leave swap out."
        )
    yield firewall.refusal(seen, target)
    if DB in target.roles and target.database:
        yield others.refusal(observe_server(target), target, target.database)


def _of_what_runs(seen: Observation, target: Target) -> Iterator[str]:
    yield by_hand.in_the_way(place(target, seen))
    yield ends_in_supervisor(target)
    for name in target.files.schedules:
        when = target.settings.schedules[name].when
        if not is_scheduled(seen, target, name) and (
            problem := host.get_fact(CalendarProblem, when=when)
        ):
            yield f'schedules["{name}"].when = "{when}": {problem}.'


def _of_nginx(seen: Observation, target: Target, files: Sequence[Declared]) -> Iterator[str]:
    """Of a site that would take something else down on the host, or could not be served there."""
    yield why_not_to_serve(seen, target) if target.files.https else ""
    in_the_way = [*conflicts.hindrances(seen, files, served_by(seen, target))]
    yield from in_the_way
    # Nginx would say of what is in the way that it cannot read it, and of what it cannot read that
    # it would not with our nginx.conf.
    unreadable = "" if in_the_way else why_unreadable(target, files)
    yield unreadable
    if not unreadable:
        yield from ends_in_nginx(target, files)


def tell_of_shadowed(target: Target, files: Sequence[Declared]) -> None:
    """Tell of the addresses of the current host at which visitors get somebody else's site.

    Args:
        target: what the host is to be.
        files: what is declared of Nginx.
    """
    lines = target.files.own_lines
    for address, path in shadowed(observe(target), files, lines).items():
        host.log(
            f"Visitors of {address} get {path}, and not this site: its listen names the address, "
            "and Nginx looks no further; take the address out of it."
        )


def tell_of_its_end(target: Target) -> None:
    """Tell when the certificate of the current host will have expired soon."""
    seen = observe(target)
    certificate = certificate_of(seen, target)
    if certificate and certificate.is_worth_a_warning(seen.now):
        ends = "has expired on" if certificate.days_left(seen.now) < 0 else "ends on"
        host.log(f"The certificate of {' '.join(target.names)} {ends} {certificate.day}")
