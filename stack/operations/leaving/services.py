"""Nginx, Supervisor, timers and certificates without the project."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import leaving as commands
from stack.commands import nginx as nginx_commands
from stack.commands import system, timers
from stack.commands.files import put
from stack.operations.leaving.told import seen_of, tell, tell_removed
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state import leaving, understudies
from stack.state.presence import there


@operation()
def nginx_left(target: Target) -> Commands:
    """Have Nginx serve nothing of the project, and visitors have what they have asked for."""
    seen = seen_of(target)
    left = leaving.of_nginx(seen, target)
    if not left and not leaving.nginx_lags(seen, target):
        host.noop("Nginx serves nothing of it")
        return
    tell(left.told)
    first = [put(left.replaced, nginx_commands.takes_it(target))] if left.replaced else []
    removing = commands.nginx(target.layout, left.removed, left.restored)
    yield from changing(target, [*first, removing])


@operation()
def programs_ended(target: Target) -> Commands:
    """Have nothing of the project run by Supervisor, nor a release that was about to take over."""
    seen = seen_of(target)
    files, units = leaving.programs(seen, target), understudies.units(seen, target.layout)
    if not files and not units:
        host.noop("Supervisor runs nothing of it")
        return
    tell_removed(files)
    todo = [system.continue_supervisor()] if seen.supervisor_is_stopped else []
    todo += [commands.end(units)] if units else []
    yield from changing(target, [*todo, *([commands.programs(files)] if files else [])])


@operation()
def schedules_ended(target: Target) -> Commands:
    """Have no timers of the project's, and nothing that they have started."""
    if names := leaving.schedules(seen_of(target), target):
        tell_removed([f"{name}.timer" for name in names])
        units = [f"{name}.{kind}" for name in names for kind in ("timer", "service")]
        yield from changing(target, [commands.end(units), timers.remove(names)])
    else:
        host.noop("it has no schedules")


@operation()
def supervisor_given_back(target: Target) -> Commands:
    """Have supervisord run with the file that it had before the first project."""
    if leaving.supervisor_is_others(seen_of(target), target):
        yield from changing(target, [commands.give_back_supervisor(target.layout)])
    else:
        host.noop("there is nothing to give back")


@operation()
def socket_opened(target: Target) -> Commands:
    """Have the one project that is left talk to supervisord, as it would without neighbours."""
    if leaving.socket_is_to_open(seen_of(target), target):
        yield from changing(target, [system.open_socket()])
    else:
        host.noop("the socket is as it has to be")


@operation()
def certificates_forgotten(target: Target) -> Commands:
    """Have no certificate of the project's, and nothing that renews it."""
    its = Belongings(target.layout)
    if paths := there(seen_of(target), its.certificates):
        tell_removed(paths)
        yield from changing(target, [commands.certificates(its, paths)])
    else:
        host.noop("it has no certificate")
