"""A switch over several hosts that stops itself.

Errors are ignored as far as pyinfra is concerned, so that neither its FAIL_PERCENT
nor a person's answer to its question decides how it goes on.
"""

from collections.abc import Callable, Generator
from functools import cache

from pyinfra import host, logger, state
from pyinfra.api import FunctionCommand, StringCommand, operation
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import State
from pyinfra.context import ctx_host

from stack.commands import rollout as commands
from stack.inventory.hosts import hosts_of_run, names_of
from stack.project.target import Target
from stack.rollout.looking import look, said_by, watch
from stack.rollout.progress import Rollout
from stack.rollout.verdicts import Now, verdict
from stack.rollout.waves import Wave
from stack.run import interruption, lock, reach
from stack.run.changing import Commands, changing
from stack.run.ending import RolloutError
from stack.state.placement import place
from stack.state.reading import observe, observe_before
from stack.state.served import served_by

Moves = Generator[StringCommand | FunctionCommand, None, None]
Step = Callable[[], Commands]

_rollout = Rollout()
_now: dict[str, Now] = {}


@operation()
def alone(switch: Step) -> Moves:
    """Have the only host of a run switch: there is nothing to wait for.

    Args:
        switch: the commands of the switch; none when it has nothing to do.
    """
    yield from switch()


@operation()
def migrated(target: Target, wave: Wave, migrate: Step) -> Moves:
    """Have a host of a wave migrate its own database, unless something has gone wrong before.

    Args:
        target: what the host is to be.
        wave: the host's own.
        migrate: the commands that do it on the current host; none when there is nothing to do.
    """
    yield from _in_turn(target, wave, migrate)


@operation()
def switched(target: Target, wave: Wave, switch: Step) -> Moves:
    """Have a host of a wave switch, unless something has gone wrong before.

    Args:
        target: what the host is to be.
        wave: the host's own.
        switch: the commands of the switch on the current host; none when it has nothing to do.
    """
    changes = yield from _in_turn(target, wave, switch)
    if changes is not None:
        (_rollout.switched if changes else _rollout.kept)(host.name)


def _in_turn(
    target: Target, wave: Wave, step: Step
) -> Generator[StringCommand | FunctionCommand, None, bool | None]:
    """A step of a host's turn, unless something has gone wrong before.

    Returns:
        Whether it had commands, which all went well; None when its time has not come.
    """
    if not state.is_executing:
        yield from step()
        return None
    interruption.defer()
    _rollout.interrupted = interruption.asked_by()
    _rollout.begins(names_of(state.failed_hosts))
    if not _rollout.lets(wave.number):
        host.noop("the rollout has stopped")
        return None
    changes = False
    try:
        before = served_by(place(target, observe_before(target)))
        _rollout.turn(host.name, wave.number, before)
        for command in step():
            changes = True
            yield command
    except GeneratorExit:
        # pyinfra leaves a generator where it is when a command has failed.
        _rollout.fails(host.name)
        raise
    except (PyinfraError, *reach.BROKEN) as error:
        _rollout.fails(host.name, f"{error}")
        yield from _fail(f"{error}")
    return changes


@operation()
def watched(target: Target) -> Moves:
    """Have all that have switched answer their health check for a while.

    That is no change of theirs, so a plan never has it. The operation is one of every host's,
    switched or not: so pyinfra does it after the wave before, and before the wave after.
    """
    if not state.is_executing or not _rollout.is_watched(host.name):
        host.noop("it has not switched")
        return
    if trouble := watch(target, target.settings.gate_seconds):
        _rollout.fails(host.name, trouble)
        yield from _fail(trouble)


@operation()
def gone_back(target: Target) -> Moves:
    """Have what was served before served again, where the rollout has failed."""
    settings = target.settings
    if not state.is_executing or not _rollout.goes_back(host.name, settings.on_failure):
        host.noop("nothing has failed, or nothing has switched")
        return
    before = _rollout.before[host.name]
    try:
        if trouble := reach.again(target.layout):
            yield from _fail(trouble)
            return
        now = served_by(place(target, observe(target)))
    except (PyinfraError, *reach.BROKEN) as error:
        yield from _fail(f"{error}")
        return
    if now.is_as(before):
        host.noop("it serves what it served before")
        return
    yield from changing(target, commands.go_back(target, before, now.values, lock.WHO))


@operation()
def ended(target: Target, what: str, waves: int) -> Moves:
    """End the run here when the rollout was not completed, and say how all hosts are doing.

    Args:
        target: what the host is to be.
        what: the name of the release that was to go live.
        waves: how many waves there are.
    """
    if not state.is_executing:
        return
    _rollout.interrupted = interruption.asked_by()
    if not _rollout.is_halted:
        interruption.allow()
        host.noop("every host serves it")
        return
    _now[host.name] = look(target)
    if len(_now) == _how_many_end():
        hosts, failed = hosts_of_run(), set(_rollout.failed)
        told = {one.name: _now.get(one.name, Now("", "failed before")) for one in hosts}
        for one in hosts:
            if one.name in failed:
                _rollout.why.setdefault(one.name, said_by(one))
        end = verdict(what, waves, _rollout, told)
        raise RolloutError(end.text, end.payload, end.exit_code)
    yield from ()


@cache
def _how_many_end() -> int:
    """How many hosts reach the end of the rollout, to be looked at there."""
    return sum(one in state.active_hosts for one in hosts_of_run())


def _fail(line: str) -> Generator[FunctionCommand, None, None]:
    """Fail without the host, which may be out of reach."""
    this = ctx_host.get()
    this.log_styled(f"{this.name}: {line}", fg="red", log_func=logger.error)
    yield FunctionCommand(_fails, [], {})


def _fails(state: State, host: Host) -> bool:
    return False
