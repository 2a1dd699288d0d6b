"""Reading a host, once for as long as nothing is changed on it."""

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from pyinfra import host, state
from pyinfra.api import FactBase, StringCommand
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import StateStage
from pyinfra.context import ctx_host

from stack.database import files as database
from stack.database.observation import Server
from stack.facts import DatabaseScope, DatabaseState, HostState, Scope
from stack.host.observation import Observation
from stack.project import firewall, host_wide
from stack.project.app_server import SERVERS
from stack.project.interpreter import FOLDER
from stack.project.leaving import ORIGINALS, Belongings
from stack.project.supervisor_files import PROGRAMS, SOCKETS_GUARD
from stack.project.target import Target
from stack.state import certificates, conflicts, updates
from stack.state.services import SOCKET

T = TypeVar("T")
Readings = dict[type[FactBase[Any]], tuple[StateStage, Any]]

_first: "WeakKeyDictionary[Host, Observation]" = WeakKeyDictionary()
_observed: "WeakKeyDictionary[Host, Readings]" = WeakKeyDictionary()


def observe(target: Target) -> Observation:
    """What the current host is like.

    pyinfra reads a fact anew for every operation that asks. Here one reading serves all
    operations of a plan, and of an apply those up to the next change.

    Raises:
        PyinfraError: the host could not be read.
    """
    seen = _read_once(HostState, lambda: _scope(target))
    if state.is_executing:
        if not seen.is_whole:
            home = target.layout.home
            raise PyinfraError(f"{host.name}: {home} could not be read to its end; run it again.")
        _first.setdefault(ctx_host.get(), seen)
    return seen


def must_read(target: Target, paths: Iterable[str] = (), packages: Iterable[str] = ()) -> None:
    """What an operation compares must be read, or it would change it again in every run.

    Raises:
        LookupError: something of it is not read.
    """
    scope = _scope(target)
    lost = {path for path in paths if not path.startswith(tuple(scope.more_paths))}
    lost = lost - set(scope.paths) | set(packages) - set(scope.packages)
    if lost:
        raise LookupError(f"not read of a host: {', '.join(sorted(lost))}")


def observe_server(target: Target) -> Server:
    """What the current host is like as the database's; read as seldom, and raising the same."""
    return _read_once(DatabaseState, lambda: _database_scope(target))


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


def _database_scope(target: Target) -> DatabaseScope:
    name = target.layout.user
    return DatabaseScope(
        name=name,
        timer=f"{name}-dump",
        paths=[f"{database.UNITS}/postgresql@.service.d/{name}.conf"]
        + [file.path for file in database.dumps(target)],
        dumps=str(target.layout.backups),
    )


_scopes: dict[int, tuple[Target, Scope]] = {}


def _scope(target: Target) -> Scope:
    """What to read of a host that is to run a release, worked out once for each."""
    if id(target) not in _scopes:
        _scopes[id(target)] = (target, _scope_anew(target))
    return _scopes[id(target)][1]


def _scope_anew(target: Target) -> Scope:
    settings, release = target.settings, target.release
    leaving = Belongings(target.layout) if target.leaves else None
    return Scope(
        python=release.interpreter.command if release else settings.python,
        packages=sorted({*target.packages, updates.PACKAGE, "needrestart", firewall.PACKAGE}),
        groups=sorted(
            {settings.user_group, *settings.user_groups, "wheel", target.layout.log_group}
        ),
        user=target.layout.user,
        paths=sorted(
            {
                SOCKET,
                SOCKETS_GUARD.path,
                ORIGINALS,
                str(target.layout.home),
                *map(str, target.layout.traces_of_a_switch),
                *(file.path for file in target.files.all),
                *certificates.paths(target),
                *([release.interpreter.command] if release and release.interpreter.version else []),
                *(leaving.paths if leaving else ()),
                *host_wide.paths(target),
                firewall.TABLE_FILE,
                firewall.UNIT_FILE.path,
            }
        ),
        more_paths=[
            f"{PROGRAMS}/{target.layout.user}-",
            target.layout.understudies,
            firewall.PROJECTS,
            target.layout.schedule(""),
            f"{FOLDER}/",
            *certificates.beginnings(target),
        ],
        texts=[
            target.files.program.path,
            str(target.layout.switch_values),
            firewall.path_of(target.layout.user),
            *certificates.texts(target),
            *(leaving.sites if leaving else ()),
        ],
        units=[
            f"{PurePath(target.layout.schedule(name)).name}.{kind}"
            for name in target.files.schedules
            for kind in ("service", "timer")
        ]
        + [*(updates.TIMERS if settings.automatic_updates else ())]
        + [*([host_wide.SWAP_UNIT] if settings.swap else ())]
        + [*([f"{firewall.UNIT}.service"] if settings.firewall else ())],
        firewall=settings.firewall,
        home=str(target.layout.home),
        user_folders=[str(target.layout.releases), str(target.layout.virtualenvs)],
        user_paths=[
            *map(str, (target.layout.live, target.layout.virtualenv, target.layout.home / "logs"))
        ],
        release=str(target.layout.releases / (release.id if release else "-")),
        virtualenv=str(target.layout.virtualenvs / (release.virtualenv("") if release else "-")),
        site=target.files.site_file,
        log=str(target.layout.release_log),
        program_logs=[
            str(target.layout.logs / server(settings).log) for server in SERVERS.values()
        ],
        supervisor_strays=conflicts.said_in_supervisor(settings),
    )


def observe_before(target: Target) -> Observation:
    """What the current host was like before this run changed anything on it.

    Raises:
        PyinfraError: it was not read yet, and could not be read.
    """
    return _first.get(ctx_host.get()) or observe(target)


def forget() -> None:
    """Have the current host read anew."""
    _observed.pop(ctx_host.get(), None)
