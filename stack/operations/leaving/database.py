"""PostgreSQL without the project."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import database as database_commands
from stack.commands import leaving as commands
from stack.commands import timers
from stack.commands.files import put
from stack.database import leaving as of_database
from stack.operations.database import UNKNOWN
from stack.operations.leaving.told import server_of, tell, tell_removed
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.settings.database import Database
from stack.state.neighbours import owner_of_postgresql
from stack.state.reading import observe, observe_server


@operation()
def database_dropped(target: Target, database: Database) -> Commands:
    """Have no database, once a last dump of it is written where nothing removes it.

    In a PostgreSQL that is another project's by now, it stays.
    """
    owner = owner_of_postgresql(observe(target), target.layout.user)
    if owner and of_database.has_data(observe_server(target)):
        tell(
            [
                f"PostgreSQL on {host.name} is {owner}'s, so what it has of {database.name} stays "
                f"there. A database that nobody needs, drop: runuser -u postgres -- dropdb "
                f"{database.name}"
            ]
        )
        host.noop(f"PostgreSQL is {owner}'s")
    elif of_database.has_data(server_of(target)):
        tell([f"A last dump will be written first, into /var/backups/{database.name}-left-TIME"])
        yield from changing(target, [database_commands.drop(database)])
    else:
        host.noop("there is no database")


@operation()
def database_left(target: Target, database: Database) -> Commands:
    """Have PostgreSQL as it was before, with its databases, and nobody from elsewhere let in."""
    seen = server_of(target)
    paths = of_database.own(seen, target, database)
    names, nobodys = of_database.timers(seen, target), of_database.nobodys(seen, database)
    lags = of_database.lags(seen, target) or of_database.is_lent(seen)
    if not (paths or names or nobodys or lags):
        host.noop("PostgreSQL has nothing of it")
        return
    tell_removed([*paths, *(f"{name}.timer" for name in names)])
    todo = [put(nobodys)] if nobodys else []
    if names:
        units = [f"{name}.{kind}" for name in names for kind in ("timer", "service")]
        todo += [commands.end(units), timers.remove(names)]
    left = database_commands.leave(database, seen.cluster or UNKNOWN, paths)
    yield from changing(target, [*todo, left])
