"""Reading a host, once for as long as nothing is changed on it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from pyinfra import host, state
from pyinfra.api import FactBase, StringCommand
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import StateStage
from pyinfra.context import ctx_host

from stack.database import declared as database
from stack.database.observation import Server
from stack.facts import DatabaseScope, DatabaseState, HostState, Scope
from stack.host.observation import Observation
from stack.project import files as declared
from stack.project.packages import BALANCER, package_names
from stack.project.release import Release
from stack.state import conflicts as strays
from stack.state.services import SOCKET

T = TypeVar("T")
Readings = dict[type[FactBase[Any]], tuple[StateStage, Any]]

_first: "WeakKeyDictionary[Host, Observation]" = WeakKeyDictionary()
_observed: "WeakKeyDictionary[Host, Readings]" = WeakKeyDictionary()


def observe(release: Release) -> Observation:
    """What the current host is like.

    pyinfra reads a fact anew for every operation that asks. Here one reading serves all
    operations of a plan, and of an apply those up to the next change.

    Raises:
        PyinfraError: the host could not be read.
    """
    seen = _read_once(HostState, lambda: _scope(release))
    if state.is_executing:
        if not seen.is_whole:
            home = release.project.home
            raise PyinfraError(f"{host.name}: {home} could not be read to its end; run it again.")
        _first.setdefault(ctx_host.get(), seen)
    return seen


def must_read(release: Release, paths: Iterable[str] = (), packages: Iterable[str] = ()) -> None:
    """What an operation compares must be read, or it would change it again in every run.

    Raises:
        LookupError: something of it is not read.
    """
    scope = _scope(release)
    lost = {path for path in paths if not path.startswith(tuple(scope.more_paths))}
    lost = lost - set(scope.paths) | set(packages) - set(scope.packages)
    if lost:
        raise LookupError(f"not read of a host: {', '.join(sorted(lost))}")


def observe_server(release: Release) -> Server:
    """What the current host is like as that of the database; read as seldom, and as raising."""
    return _read_once(DatabaseState, lambda: _database_scope(release))


def _read_once(fact: type[FactBase[T]], scope: Callable[[], object]) -> T:
    readings = _observed.setdefault(ctx_host.get(), {})
    if fact in readings and readings[fact][0] == state.current_stage:
        known: T = readings[fact][1]
        return known
    seen: T | None = host.get_fact(fact, scope=scope())
    if seen is None:
        raise PyinfraError(f"{host.name} could not be read{_why_unreadable()}")
    readings[fact] = (state.current_stage, seen)
    return seen


def _why_unreadable() -> str:
    """What is known of a host that did not do what it was told, as the end of a sentence."""
    _, said = ctx_host.get().run_shell_command(StringCommand("echo it answers"))
    if "it answers" in said.stdout_lines:
        return "; what it said stands above."
    return (
        ": its login shell runs no commands. Look for an exit in the .bashrc, .cshrc or the like "
        "of the user who logs in, and for a shell such as nologin. Nothing was changed."
    )


def _database_scope(release: Release) -> DatabaseScope:
    project = release.project
    name = project.user
    return DatabaseScope(
        name=name,
        timer=f"{name}-dump",
        paths=[f"{database.UNITS}/postgresql@.service.d/{name}.conf"]
        + [file.path for file in database.dumps(project)],
        dumps=str(project.backups),
    )


_scopes: dict[int, tuple[Release, Scope]] = {}


def _scope(release: Release) -> Scope:
    """What to read of a host that is to run a release, worked out once for each."""
    if id(release) not in _scopes:
        _scopes[id(release)] = (release, _scope_anew(release))
    return _scopes[id(release)][1]


def _scope_anew(release: Release) -> Scope:
    project = release.project
    settings = project.settings
    return Scope(
        python=settings.python,
        packages=sorted({*package_names(settings), *BALANCER}),
        groups=sorted({settings.user_group, *settings.user_groups, "wheel"}),
        user=project.user,
        paths=sorted(
            {
                SOCKET,
                str(project.home),
                *declared.traces_of_a_switch(project),
                *(file.path for file in declared.everything(project)),
                *(file.path for file in declared.balancer(project)),
            }
        ),
        more_paths=[f"{declared.PROGRAMS}/{project.user}-", declared.understudies(project)],
        texts=[declared.program(project).path, declared.values_of_the_switch(project)],
        home=str(project.home),
        user_folders=[str(project.releases), str(project.virtualenvs)],
        user_paths=[*map(str, (project.live, project.virtualenv, project.home / "logs"))],
        release=str(project.releases / release.id),
        virtualenv=str(project.virtualenvs / release.virtualenv("")),
        site=declared.SITE,
        log=str(project.release_log),
        program_log=str(project.logs / "gunicorn.log"),
        supervisor_strays=strays.said_in_supervisor(settings),
    )


def observe_before(release: Release) -> Observation:
    """What the current host was like before this run changed anything on it.

    Raises:
        PyinfraError: it was not read yet, and could not be read.
    """
    return _first.get(ctx_host.get()) or observe(release)


def forget() -> None:
    """Have the current host read anew."""
    _observed.pop(ctx_host.get(), None)
