"""A project leaves its hosts, in the order in which nobody is sent to what is gone.

Each task is named after what goes.
"""

from pyinfra.api import deploy

from stack.database.leaving import is_its, undeclared
from stack.inventory.hosts import plays
from stack.inventory.roles import APP, DB, LB
from stack.operations import order
from stack.operations.leaving import database as postgresql
from stack.operations.leaving import files, home, services, shared
from stack.operations.leaving.told import server_of
from stack.project.target import Target


@deploy("Nginx")
def site(target: Target) -> None:
    """Have nobody sent to the project any more, the balancers first."""
    name = f"Serve {' '.join(target.names)} no longer"
    if plays(LB):
        services.nginx_left(name=name, target=target)
    if target.front:
        order.others_done(name="Have the balancers send nobody", role=LB)
    if not plays(LB):
        services.nginx_left(name=name, target=target)


@deploy("Programs")
def programs(target: Target) -> None:
    """Run nothing of the project's, and have supervisord as it was."""
    services.programs_ended(name=f"Stop all of {target.layout.user}'s", target=target)
    services.supervisor_given_back(
        name="Have supervisord as before the first project", target=target
    )


@deploy("Schedules")
def schedules(target: Target) -> None:
    """Run no commands at their times."""
    services.schedules_ended(name=f"Remove all of {target.layout.user}'s", target=target)


@deploy("HTTPS")
def certificate(target: Target) -> None:
    """Have no certificate."""
    names = " ".join(target.names)
    services.certificates_forgotten(name=f"Forget the certificate of {names}", target=target)


@deploy("Database")
def database(target: Target, everything: bool) -> None:
    """Let nobody in any more, once nobody comes; the database goes if a person wants that."""
    if target.database:
        order.others_done(name="Have nobody use it first", role=APP)
    its = target.database or undeclared(target)
    # What is on the host says more than its group of today.
    if not plays(DB) and not is_its(server_of(target), target, its):
        return
    if everything:
        postgresql.database_dropped(
            name=f"Write a last dump of {its.name}, and drop it",
            target=target,
            database=its,
        )
    postgresql.database_left(
        name="Let in nobody from elsewhere, and dump no more", target=target, database=its
    )


@deploy("Files")
def roots_files(target: Target) -> None:
    """Have none of root's files, but for those which tell that the project is here."""
    name = f"Remove what else of root's is {target.layout.user}'s"
    files.files_removed(name=name, target=target)


@deploy("Release")
def releases(target: Target, everything: bool) -> None:
    """Have no releases and virtualenvs."""
    home.releases_removed(
        name="Remove releases and virtualenvs", target=target, everything=everything
    )


@deploy("User")
def user(target: Target, everything: bool) -> None:
    """Have no user where nothing of his must stay, and the socket open to who is left.

    An account that was there before the first deployment stays, as it was.
    """
    name = f"Remove {target.layout.user} and its home"
    if home.was_there(target):
        name = f"Have the account {target.layout.user} as it was"
    elif home.must_stay(target, everything):
        name = f"Take {target.layout.user}'s groups away"
    home.user_removed(
        name=name,
        target=target,
        everything=everything,
    )
    services.socket_opened(
        name="Open supervisord's socket to the project that is left", target=target
    )


@deploy("Data")
def logs_and_dumps(target: Target, everything: bool) -> None:
    """Have no logs and no dumps, where a person wants that."""
    if everything:
        files.data_removed(name="Remove logs and dumps", target=target)


@deploy("Files")
def traces(target: Target, everything: bool) -> None:
    """Have nothing tell that the project is here."""
    name = f"Forget that {target.layout.user} was here"
    files.traces_removed(name=name, target=target, everything=everything)


@deploy("Files")
def give_back(target: Target) -> None:
    """Have what projects share as it was, once no project is there any more."""
    shared.given_back(name="Have what projects share as before the first project", target=target)
