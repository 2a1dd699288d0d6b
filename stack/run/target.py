"""From the inventory to what each host is to be."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from gevent.lock import RLock
from pyinfra import config, host, inventory, logger
from pyinfra.api.exceptions import DeployError, PyinfraError

from stack.host.observation import Observation
from stack.inventory.hosts import app_hosts, roles_of_hosts
from stack.inventory.roles import APP
from stack.project.host_wide import NOTHING
from stack.project.release import release_of
from stack.project.target import Target
from stack.requirements import RequirementsError
from stack.run import restricted
from stack.run.command_line import spoiled_by, why_not_here
from stack.run.fits import misfits
from stack.run.only_reads import is_only_read
from stack.settings import Settings, SettingsError, load_all
from stack.settings.database import Database, database_of
from stack.settings.front import Front, front_of
from stack.settings.tls import public_hosts
from stack.settings.without_effect import without_effect
from stack.source import SourceError
from stack.state.fitness import unasked
from stack.state.reading import observe

Needed = tuple[str, ...] | None

_one_at_a_time = RLock()


def target_for_host(
    besides: tuple[str, ...] = (),
    needed: Needed = None,
    leaves: bool = False,
    spares_home: bool = False,
) -> Target:
    """What the current host is to be; the settings of all hosts are checked first.

    Args:
        besides: names of `--data` that are no settings but the entry file's own.
        needed: for an entry file that makes no release: the settings whose secrets it needs all
            the same. No other is asked for, nor is the source; so they may be out of reach.
        leaves: whether it is to have nothing more of the project.
        spares_home: whether the entry file writes nothing to the home, and so works while that
            cannot be written.

    Raises:
        DeployError: something is wrong with the settings of any host, or with this host; with a
            line for each problem. Nothing was changed.
    """
    if problem := why_not_here() or spoiled_by(host.data.dict()):
        raise DeployError(problem)
    spares_home = spares_home or is_only_read()
    return _fitting(host.name, _given(besides), needed, leaves, spares_home)


@cache
def _fitting(
    name: str, besides: tuple[str, ...], needed: Needed, leaves: bool, spares_home: bool
) -> Target:
    """The target; asked once of a host by entry files that include one another."""
    try:
        with _one_at_a_time:  # hosts are planned at the same time, and git runs as a process
            target = _target(name, besides, needed, leaves)
    except (SettingsError, SourceError, RequirementsError) as error:
        raise DeployError(str(error)) from None
    try:
        seen = _seen(target)
        if not seen.has_ipv6:
            target = replace(target, ipv6=False)
        problems = [*filter(None, misfits(seen, target, needed is None, spares_home))]
    except EOFError:  # of pyinfra's own question, asked where there is no terminal
        problems = [unasked(bool(host.data.get("_sudo_password") or config.SUDO_PASSWORD))]
    if problems:
        lines = (f"{name}: {problem} Nothing was changed." for problem in problems)
        raise DeployError("\n".join(lines))
    return target


def _seen(target: Target) -> Observation:
    """What the current host is like; where it runs no command, the error says what to change."""
    try:
        return observe(target)
    except PyinfraError:
        if reason := restricted.why():
            raise DeployError(f"{host.name}: {reason} Nothing was changed.") from None
        raise


@cache
def _given(besides: tuple[str, ...]) -> tuple[str, ...]:
    """Those that hosts have: so entry files that include one another check the settings once."""
    return tuple(
        name for name in besides if any(one.data.get(name) is not None for one in inventory)
    )


@cache
def _settings(besides: tuple[str, ...], needed: Needed) -> Mapping[str, Settings]:
    settings = load_all(
        {
            one.name: {name: v for name, v in one.data.dict().items() if name not in besides}
            for one in inventory
        },
        {one.name: one.groups for one in inventory},
        needed,
    )
    if needed is None:
        for line in without_effect(settings, roles_of_hosts()):
            logger.warning(line)
    return settings


@cache
def _shared(besides: tuple[str, ...], needed: Needed) -> tuple[Database | None, Front | None]:
    settings, roles = _settings(besides, needed), roles_of_hosts()
    return database_of(settings, roles), front_of(settings, roles)


@cache
def _target(name: str, besides: tuple[str, ...], needed: Needed, leaves: bool) -> Target:
    settings, roles = _settings(besides, needed)[name], roles_of_hosts()[name]
    shared = _shared(besides, needed)
    if leaves:
        its = settings.model_copy(update=NOTHING)
        return Target(its, roles, None, *shared, leaves=True)
    release = release_of(settings) if APP in roles and needed is None else None
    is_first = APP in roles and name == app_hosts()[0].name
    return Target(settings, roles, release, *shared, _peers(name, besides, needed), is_first)


def _peers(name: str, besides: tuple[str, ...], needed: Needed) -> tuple[str, ...]:
    """The addresses of the other hosts that a CA may ask in its place."""
    settings = _settings(besides, needed)
    if settings[name].tls != "acme" or name not in (public := _public()):
        return ()
    return tuple(settings[one].address for one in public if one != name)


@cache
def _public() -> dict[str, None]:
    return dict.fromkeys(public_hosts(roles_of_hosts()))
