"""That a host has nothing more of a project."""

from collections.abc import Generator, Iterable
from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands import database as database_commands
from stack.commands import leaving as commands
from stack.commands import nginx as nginx_commands
from stack.commands import system, timers
from stack.commands.files import put
from stack.database import leaving as of_database
from stack.database.observation import Cluster, Server
from stack.facts.contents import Contents, HomeContents
from stack.facts.written import WrittenFiles
from stack.host.observation import Observation
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.run.changing import changing
from stack.settings.database import Database
from stack.state import leaving
from stack.state.reading import observe, observe_server
from stack.state.written import kept

Commands = Generator[StringCommand, None, None]


@operation()
def originals_kept(target: Target) -> Commands:
    """Have what the first project of a host replaces kept, for the day on which the last leaves."""
    if leaving.has_replaced_nothing(observe(target)):
        yield from changing(target, [commands.keep_originals()])
    else:
        host.noop("it is kept, or was replaced long ago")


@operation()
def nginx_left(target: Target) -> Commands:
    """Have Nginx serve nothing of the project, and visitors have what they have asked for."""
    seen = _seen(target)
    left = leaving.of_nginx(seen, target)
    if not left and not leaving.nginx_lags(seen, target):
        host.noop("Nginx serves nothing of it")
        return
    _tell(left.told)
    first = [put(left.replaced, nginx_commands.takes_it(target))] if left.replaced else []
    removing = commands.nginx(target.layout, left.removed, left.restored)
    yield from changing(target, [*first, removing])


@operation()
def programs_ended(target: Target) -> Commands:
    """Have nothing of the project run by Supervisor, nor a release that was about to take over."""
    seen = _seen(target)
    files, units = leaving.programs(seen, target), leaving.understudies(seen, target)
    if not files and not units:
        host.noop("Supervisor runs nothing of it")
        return
    _tell_removed(files)
    todo = [commands.end(units)] if units else []
    yield from changing(target, [*todo, *([commands.programs(files)] if files else [])])


@operation()
def schedules_ended(target: Target) -> Commands:
    """Have no timers of the project's, and nothing that they have started."""
    if names := leaving.schedules(_seen(target), target):
        _tell_removed([f"{name}.timer" for name in names])
        units = [f"{name}.{kind}" for name in names for kind in ("timer", "service")]
        yield from changing(target, [commands.end(units), timers.remove(names)])
    else:
        host.noop("it has no schedules")


@operation()
def supervisor_given_back(target: Target) -> Commands:
    """Have supervisord run with the file that it had before the first project."""
    if leaving.supervisor_is_others(_seen(target), target):
        yield from changing(target, [commands.give_back_supervisor()])
    else:
        host.noop("there is nothing to give back")


@operation()
def certificates_forgotten(target: Target) -> Commands:
    """Have no certificate of the project's, and nothing that renews it."""
    its = Belongings(target.layout)
    if paths := leaving.there(_seen(target), its.certificates):
        _tell_removed(paths)
        yield from changing(target, [commands.certificates(its, paths)])
    else:
        host.noop("it has no certificate")


@operation()
def database_dropped(target: Target, database: Database) -> Commands:
    """Have no database, once a last dump of it is written where nothing removes it."""
    if of_database.has_data(_server(target)):
        _tell([f"A last dump will be written first, into /var/backups/{database.name}-left-TIME"])
        yield from changing(target, [database_commands.drop(database)])
    else:
        host.noop("there is no database")


@operation()
def database_left(target: Target, database: Database) -> Commands:
    """Have PostgreSQL as it was before, with its databases, and nobody from elsewhere let in."""
    seen = _server(target)
    paths = of_database.own(seen, target, database)
    names, nobodys = of_database.timers(seen, target), of_database.nobodys(seen, database)
    lags = of_database.lags(seen, target) or of_database.is_lent(seen)
    if not (paths or names or nobodys or lags):
        host.noop("PostgreSQL has nothing of it")
        return
    _tell_removed([*paths, *(f"{name}.timer" for name in names)])
    todo = [put(nobodys)] if nobodys else []
    if names:
        units = [f"{name}.{kind}" for name in names for kind in ("timer", "service")]
        todo += [commands.end(units), timers.remove(names)]
    cluster = seen.cluster or Cluster("VERSION", "main", "", 0.0, False)
    yield from changing(target, [*todo, database_commands.leave(database, cluster, paths)])


@operation()
def files_removed(target: Target) -> Commands:
    """Have no other file of root's that is the project's."""
    if paths := leaving.files(_seen(target), target):
        _tell_removed(paths)
        yield from changing(target, [commands.files(paths)])
    else:
        host.noop("nothing else of root's is its")


@operation()
def traces_removed(target: Target) -> Commands:
    """Have nothing tell that the project is here: last, so that a run that was cut goes on."""
    if paths := leaving.traces(_seen(target), target):
        _tell_removed(paths)
        yield from changing(target, [commands.files(paths)])
    else:
        host.noop("nothing tells of it")


@operation()
def releases_removed(target: Target) -> Commands:
    """Have no releases, virtualenvs, links and caches in the home."""
    contents, reasons = _contents(target)
    going = _going(contents, reasons)
    if not going and not contents.thinned:
        host.noop("nothing in the home is a deployment's")
        return
    _tell_removed(f"~/{path}" for path in going)
    for reason in reasons.values():
        host.log(reason)
    yield from changing(target, commands.home(target.layout, going, contents.thinned))


@operation()
def user_removed(target: Target, everything: bool) -> Commands:
    """Have no user, nor his home, where nothing is in it that must stay; else one without rights.

    Args:
        target: what the host is to be.
        everything: whether his home goes whatever is in it.
    """
    seen, layout = _seen(target), target.layout
    is_there = seen.user or layout.log_group in seen.groups
    home = seen.entries.get(str(layout.home))
    besides = leaving.there(seen, Belongings(layout).users)
    staying = [] if everything else _staying(target, besides)
    if home is not None and home.kind != "directory":
        staying.append(str(layout.home))
    if not staying and (is_there or home):
        yield from changing(target, [commands.user(layout, with_home=True, besides=besides)])
    elif staying and seen.user and not seen.user.groups <= {layout.log_group}:
        named = ", ".join(staying[:5]) + (" and more" if staying[5:] else "")
        _tell([f"{layout.user} stays, without the groups that he was given, with {named}"])
        yield from changing(target, [commands.user(layout, with_home=False, besides=())])
    else:
        host.noop("there is no user, or he stays with what is his")


@operation()
def data_removed(target: Target) -> Commands:
    """Have no logs and no dumps."""
    if paths := leaving.there(_seen(target), Belongings(target.layout).data):
        _tell_removed(paths)
        yield from changing(target, [commands.files(paths)])
    else:
        host.noop("there are none")


@operation()
def socket_opened(target: Target) -> Commands:
    """Have the one project that is left talk to supervisord, as it would without neighbours."""
    if leaving.socket_is_to_open(_seen(target), target):
        yield from changing(target, [system.open_socket()])
    else:
        host.noop("the socket is as it has to be")


def _seen(target: Target) -> Observation:
    """What the host is like, as one with nothing on it where no deployment is known to have been.

    So nothing of somebody's goes who has the name that a person has mistaken for the project's.
    """
    seen = observe(target)
    return seen if leaving.was_here(seen, target) else Observation()


def _server(target: Target) -> Server:
    """The same of the host of a database."""
    seen = observe_server(target)
    return seen if leaving.was_here(observe(target), target) else Server()


def _contents(target: Target) -> tuple[Contents, dict[str, str]]:
    """What is in the home, and why releases stay that have written what nobody else has."""
    seen, layout = _seen(target), target.layout
    if not seen.user or str(layout.home) not in seen.entries:
        return Contents(is_whole=True), {}
    contents: Contents | None = host.get_fact(HomeContents, layout=layout)
    contents = contents or Contents()
    folders = [layout.home / path for path in contents.going if path.startswith("releases/")]
    found = host.get_fact(WrittenFiles, layout=layout, folders=folders, shared=()) or {}
    reasons = {path: kept(target, path, written) for path, written in found.items()}
    return contents, {path: reason for path, reason in reasons.items() if reason}


def _going(contents: Contents, reasons: Iterable[str]) -> list[str]:
    spared = {f"releases/{Path(path).name}" for path in reasons}
    emptied = [folder for folder in contents.emptied if folder != "releases" or not spared]
    return [
        *(
            path
            for path in contents.going
            if path not in spared and path.partition("/")[0] not in emptied
        ),
        *emptied,
    ]


def _staying(target: Target, besides: Iterable[str]) -> list[str]:
    """What of the user's must stay, for a person."""
    seen, layout = _seen(target), target.layout
    if not seen.user:
        # Nobody can look into it as him.
        is_there = str(layout.home) in seen.entries
        return [str(layout.home)] if is_there else []
    contents, reasons = _contents(target)
    staying = [*contents.staying, *(f"releases/{Path(path).name}" for path in reasons)]
    if not contents.is_whole:
        staying.append("what could not be read")
    return [*besides, *(f"~/{path}" for path in staying)]


def _tell_removed(paths: Iterable[str]) -> None:
    if named := ", ".join(paths):
        _tell([f"Will be removed: {named}"])


def _tell(lines: Iterable[str]) -> None:
    """Say in a plan what is in an operation of it."""
    if not state.is_executing:
        for line in lines:
            host.log(line)
