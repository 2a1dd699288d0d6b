"""What is read of a host: all that is compared with it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from stack.database import files as database
from stack.facts import DatabaseScope, Scope
from stack.inventory.roles import APP
from stack.project import certbot, firewall, host_wide
from stack.project.app_server import SERVERS
from stack.project.interpreter import FOLDER
from stack.project.leaving import ORIGINALS, Belongings, named_after
from stack.project.packages import POLICY
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD, PROGRAMS
from stack.project.target import Target
from stack.state import updates
from stack.state.listening import socket_folder
from stack.state.services import SOCKET
from stack.state.supervisor_conflicts import said_in_supervisor

_scopes: dict[int, tuple[Target, Scope]] = {}


def of_host(target: Target) -> Scope:
    """What to read of a host that is to run a release, worked out once for each."""
    if id(target) not in _scopes:
        _scopes[id(target)] = (target, _worked_out(target))
    return _scopes[id(target)][1]


def of_releases(target: Target) -> Scope:
    """What of it to read once releases alone were changed, and no virtualenv."""
    nothing = str(target.layout.virtualenvs / "-")
    return replace(of_host(target), home_alone=True, virtualenv=nothing)


def of_database(target: Target) -> DatabaseScope:
    """What to read of the database's host."""
    name = target.layout.user
    return DatabaseScope(
        name=name,
        timer=f"{name}-dump",
        paths=[f"{database.UNITS}/postgresql@.service.d/{name}.conf"]
        + [file.path for file in database.dumps(target)],
        dumps=str(target.layout.backups),
    )


def must_read(target: Target, paths: Iterable[str] = (), packages: Iterable[str] = ()) -> None:
    """What an operation compares must be read, or it would change it again in every run.

    Raises:
        LookupError: something of it is not read.
    """
    scope = of_host(target)
    lost = {path for path in paths if not path.startswith(tuple(scope.more_paths))}
    lost = lost - set(scope.paths) | set(packages) - set(scope.packages)
    if lost:
        raise LookupError(f"not read of a host: {', '.join(sorted(lost))}")


def _worked_out(target: Target) -> Scope:
    settings, release, layout = target.settings, target.release, target.layout
    return Scope(
        python=release.interpreter.command if release else settings.python,
        packages=sorted({*target.packages, updates.PACKAGE, "needrestart", firewall.PACKAGE}),
        groups=sorted({settings.user_group, *settings.user_groups, "wheel", layout.log_group}),
        user=layout.user,
        paths=sorted(set(_paths(target))),
        more_paths=[
            f"{PROGRAMS}/{layout.user}-",
            *layout.understudies,
            firewall.PROJECTS,
            layout.schedule(""),
            f"{FOLDER}/",
            *certbot.beginnings(target),
        ],
        texts=[*_texts(target)],
        units=[*_units(target)],
        firewall=settings.firewall,
        home=str(layout.home),
        user_folders=[str(layout.releases), str(layout.virtualenvs)],
        user_paths=[*map(str, (layout.live, layout.virtualenv, layout.home / "logs"))],
        release=str(layout.releases / (release.id if release else "-")),
        virtualenv=str(layout.virtualenvs / (release.virtualenv("") if release else "-")),
        site=target.files.site_file,
        log=str(layout.release_log),
        program_logs=[str(layout.logs / server(settings).log) for server in SERVERS.values()],
        bind_port=_port(settings.bind) if APP in target.roles and not target.leaves else "",
        before=Belongings(layout).account if target.leaves else "",
        supervisor_strays=said_in_supervisor(target),
    )


def _paths(target: Target) -> Iterator[str]:
    """Of what root owns."""
    yield from (SOCKET, CLOSED_SOCKET.path, FORMER_GUARD, ORIGINALS)
    yield from (str(target.layout.home), str(target.layout.release_log))
    yield from named_after(target.layout)
    yield from map(str, target.layout.traces_of_a_switch)
    yield str(target.layout.former_sockets)
    yield from (file.path for file in target.files.all)
    yield from target.files.undeclared
    # Also where no visitor comes any more.
    yield target.files.opened.path
    yield from certbot.paths(target)
    yield from host_wide.paths(target)
    if APP in target.roles and (folder := socket_folder(target)):
        yield str(folder)
    yield from (firewall.TABLE_FILE, firewall.UNIT_FILE.path)
    if target.release and target.release.interpreter.version:
        yield target.release.interpreter.command
    if target.leaves:
        yield from Belongings(target.layout).paths


def _texts(target: Target) -> Iterator[str]:
    """The paths of files that are read as they are."""
    yield from (target.files.program.path, str(target.layout.switch_values), POLICY)
    yield firewall.path_of(target.layout.user)
    yield from certbot.texts(target)
    if target.leaves:
        yield from Belongings(target.layout).sites
        yield Belongings(target.layout).account


def _units(target: Target) -> Iterator[str]:
    """Systemd's, besides those of every host."""
    settings = target.settings
    for name in target.files.schedules:
        unit = PurePath(target.layout.schedule(name)).name
        yield from (f"{unit}.service", f"{unit}.timer")
    if settings.automatic_updates:
        yield from updates.TIMERS
    if settings.swap:
        yield host_wide.SWAP_UNIT
    if settings.firewall:
        yield f"{firewall.UNIT}.service"


def _port(bind: str) -> str:
    return "" if bind.startswith("unix:") else bind.rpartition(":")[2]
