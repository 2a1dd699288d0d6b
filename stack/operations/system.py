"""Packages, and the project's user."""

from collections.abc import Iterator, Sequence

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands import system
from stack.host.observation import Observation, User
from stack.operations.diff import tell_kept_beside
from stack.operations.foretold import refuse_foretold
from stack.project.packages import POLICY, POLICY_MARK
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state.placement import owners_of
from stack.state.presence import was_live
from stack.state.reading import observe
from stack.state.scope import must_read


@operation()
def packages_installed(target: Target, packages: Sequence[str]) -> Commands:
    """Have Debian packages, of those that `observe` reads."""
    must_read(target, packages=packages)
    seen = observe(target)
    if missing := [package for package in packages if package not in seen.packages]:
        yield from changing(target, [system.install(missing, held=["nginx", "supervisor"])])
    else:
        host.noop("all packages are installed")


@operation()
def services_startable(target: Target) -> Commands:
    """Have packages start their services, also after a run that was killed as it installed some."""
    if POLICY_MARK in observe(target).texts.get(POLICY, ""):
        yield from changing(target, [system.forget_policy()])
    else:
        host.noop("no run has left anything that keeps them from it")


@operation()
def user_present(target: Target) -> Commands:
    """Have the project's user, with his groups, shell and home."""
    seen = observe(target)
    wanted = wanted_user(target, seen)
    if problem := _without_group(target, seen, wanted):
        yield from refuse_foretold(problem)
        return
    owners = owners_of(target.layout, seen)
    commands = []
    if seen.user is None:
        number = next(iter(owners - {target.layout.user}), "")
        commands.append(system.create_user(target, sorted(wanted.groups), number))
    elif seen.user != wanted:
        if not state.is_executing:
            for line in _taken_over(seen.user, wanted):
                host.log(f"{target.layout.user} is there, and {line}")
        is_first = not was_live(seen, target)
        commands.append(system.change_user(target, sorted(wanted.groups), is_first))
    commands += _of_home(target, seen)
    if commands:
        yield from changing(target, commands)
    else:
        host.noop("the user is as declared")


def _of_home(target: Target, seen: Observation) -> Iterator[StringCommand]:
    """What it takes to have the home, and the folders in it, open to those alone who need it."""
    layout, group = target.layout, target.settings.user_group
    home, owners = seen.entries.get(str(layout.home)), owners_of(layout, seen)
    others_look_in = _others_look_in(target, seen)
    if (
        others_look_in
        or home is None
        or (home.kind, home.mode, home.group) != ("directory", "711", group)
        or home.owner not in owners
    ):
        yield system.own_home(target)
    releases = seen.entries.get(str(layout.releases))
    if releases is not None and releases.mode != "711":
        yield system.open_releases(layout)
    if others_look_in:
        if not state.is_executing:
            host.log(f"Others can look into {layout.shared}: it will be the user's alone")
        yield system.close_shared(layout)


def _others_look_in(target: Target, seen: Observation) -> bool:
    """Whether others may look into what is shared, as by what the home has inherited.

    Where Nginx serves uploads it may pass, which stands in the mode's place for a group.
    """
    shared = seen.entries.get(str(target.layout.shared))
    if shared is None or shared.kind != "directory":
        return False
    return shared.owner in owners_of(target.layout, seen) and int(shared.mode, 8) & 0o066 != 0


def _without_group(target: Target, seen: Observation, wanted: User) -> str:
    """Which group the user is to have that is not there; an empty string when all are."""
    # Packages that are yet to be installed may bring it.
    if not state.is_executing and not seen.packages.issuperset(target.packages):
        return ""
    for setting, groups in (("user_group", {wanted.group}), ("user_groups", wanted.groups)):
        if absent := groups - seen.groups - {target.layout.log_group}:
            names = ", ".join(sorted(absent))
            return f"{setting}: {host.name} has no group {names}; expected groups that exist there."
    return ""


def wanted_user(target: Target, seen: Observation) -> User:
    """The account as declared: `wheel` stands in for `sudo` where a system has only that."""
    settings = target.settings
    groups = {*settings.user_groups, target.layout.log_group} - {settings.user_group}
    if "sudo" in groups and "sudo" not in seen.groups and "wheel" in seen.groups:
        groups = groups - {"sudo"} | {"wheel"}
    return User(str(target.layout.home), "/bin/bash", settings.user_group, frozenset(groups))


def _taken_over(user: User, wanted: User) -> Iterator[str]:
    """What changes of an account, which may have been somebody's."""
    for name in ("home", "shell", "group"):
        before, after = getattr(user, name), getattr(wanted, name)
        if before != after:
            yield f"gets the {name} {after} in place of {before}"
    if lost := sorted(user.groups - wanted.groups):
        yield f"leaves the groups {', '.join(lost)}"


@operation()
def logs_linked(target: Target) -> Commands:
    """Have ~/logs lead to the logs."""
    seen, path = observe(target), target.layout.home / "logs"
    link = seen.entries.get(str(path))
    if link is None or (link.kind, link.target) != ("link", str(target.layout.logs)):
        tell_kept_beside(seen, [path])
        yield from changing(target, [system.link_logs(target.layout)])
    else:
        host.noop("~/logs leads to the logs")
