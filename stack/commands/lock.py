"""One deployment at a time on a host."""

from typing import TypeVar

from pyinfra.api import StringCommand

from stack.host.recorded import RECORDS
from stack.project.layout import Layout
from stack.shell.scripts import as_root, run_by, script

PATIENCE_SECONDS = 3
"""How long a run that has just ended may take to let go."""
ORPHAN_SECONDS = 600
"""How long the last command of a run that was cut may still take."""
SILENT_SECONDS = 3
"""How long it is waited for without a word."""

FOLDER = "/run/django-stack"
"""root's alone: any account that may read a lock's file may also hold it."""

HOST = "host"
"""The lock of what all projects of a host share; those of a project have more after its name."""
CERTBOT = "certbot"
"""The lock of certbot, which runs once at a time. A CA may be slow, so it is not HOST."""

HOLD = script(__file__, "hold_lock.sh")
CONFIRM = script(__file__, "confirm_lock.sh")
ALONE = script(__file__, "alone_on_host.sh")
WHERE_NOBODY_ASKS = script(__file__, "where_nobody_asks.sh")
AFTER_ORPHANS = script(__file__, "after_orphans.sh")

Command = TypeVar("Command", bound=StringCommand)


def hold(layout: Layout, who: str, token: str, silent_seconds: int) -> StringCommand:
    """A command that takes the host's lock and runs for as long as its connection lasts.

    It ends with exit code 75, and who has the lock on its output, when another run has it. What
    holds it for the same run already, over a connection of before, is ended.

    Args:
        layout: the project's.
        who: who runs this, for a person.
        token: the run's, and how often it has taken the lock of the host by now: "RUN.1".
        silent_seconds: how long the connection may acknowledge nothing; 0 where it is none of SSH.
    """
    words = (path_of_run(layout), who, token, str(PATIENCE_SECONDS), str(silent_seconds))
    return as_root(HOLD, *words)


def confirm(layout: Layout, token: str) -> StringCommand:
    """A command that ends well once the lock is held with this token.

    It waits until no command of an earlier run is under way, and says so once it has for a while.
    """
    words = (path_of_run(layout), token, path_of_commands(layout), str(ORPHAN_SECONDS))
    return as_root(CONFIRM, *words, str(SILENT_SECONDS))


def after_orphans(layout: Layout, command: Command) -> Command:
    """The command, to be run once no command of an earlier run is under way.

    A command goes on when its connection is cut; whatever it starts holds the lock with it.
    """
    words = (path_of_commands(layout), str(ORPHAN_SECONDS))
    return run_by(AFTER_ORPHANS, *words, command=command)


def alone_on_host(command: Command, lock: str = HOST) -> Command:
    """The command, to be run while no run of any project changes what all projects share.

    That is Nginx's and Supervisor's own files, whether Nginx takes them all, and packages; or with
    another lock what that is of.
    """
    return run_by(ALONE, f"{FOLDER}/{lock}", str(ORPHAN_SECONDS), command=command)


def where_nobody_asks(words: str, layout: Layout, command: Command) -> Command:
    """The command, alone on the host, unless another project there asks for what it takes away.

    Whoever asks writes that down before it looks at what there is.

    Args:
        words: how that reads in a record, a basic regular expression; without any, it is enough
            that another project is there.
        layout: whose own records say nothing here.
        command: takes that away.
    """
    known = (words, str(layout.library), str(layout.library.parent), " ".join(RECORDS))
    return alone_on_host(run_by(WHERE_NOBODY_ASKS, *known, command=command))


def path_of_run(layout: Layout) -> str:
    return f"{FOLDER}/{layout.user}-deploy"


def path_of_commands(layout: Layout) -> str:
    """The file of the lock that each command holds which changes the host."""
    return f"{FOLDER}/{layout.user}-command"
