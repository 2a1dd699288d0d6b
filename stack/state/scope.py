"""What is read of a host: all that is compared with it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from stack.database import files as database
from stack.facts import DatabaseScope, Scope
from stack.project import certbot, firewall, host_wide
from stack.project.app_server import SERVERS
from stack.project.interpreter import FOLDER
from stack.project.leaving import ORIGINALS, Belongings, named_after
from stack.project.packages import POLICY
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD, PROGRAMS
from stack.project.target import Target
from stack.state import conflicts, updates
from stack.state.services import SOCKET

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
                CLOSED_SOCKET.path,
                FORMER_GUARD,
                ORIGINALS,
                str(target.layout.home),
                *named_after(target.layout),
                str(target.layout.release_log),
                *map(str, target.layout.traces_of_a_switch),
                *(file.path for file in target.files.all),
                *target.files.undeclared,
                *certbot.paths(target),
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
            *certbot.beginnings(target),
        ],
        texts=[
            target.files.program.path,
            str(target.layout.switch_values),
            firewall.path_of(target.layout.user),
            *certbot.texts(target),
            POLICY,
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
        bind_port=_port(settings.bind) if release else "",
        supervisor_strays=conflicts.said_in_supervisor(settings),
    )


def _port(bind: str) -> str:
    return "" if bind.startswith("unix:") else bind.rpartition(":")[2]
