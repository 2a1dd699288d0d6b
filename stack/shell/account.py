"""Acting as the project's user."""

from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.project.layout import Layout
from stack.shell.scripts import as_root, run_by, script

AS_USER = script(__file__, "as_user.sh")
IN_TIME = script(__file__, "in_time.sh")
MOST_BYTES = 20_000_000
"""How much he may tell of what is his."""
MOMENT = 600
"""How many seconds a step may take that takes a moment, on a disk that is busy."""
HOURS = 6 * 3600
"""How many one may take of which only the project knows: pip's, a migration, its own commands."""


def as_user(
    layout: Layout,
    script: str,
    *words: str,
    seconds: int = HOURS,
    stdin: str | Sequence[str] | None = None,
) -> StringCommand:
    """A command that runs a shell script as the project's user, from the root folder.

    Whatever is written below the home is written by the user, so that no symlink he puts there
    can lead root astray. He gets no terminal, no open files of root's, and none of the environment
    but the proxies.

    Args:
        script: POSIX sh, ended at the first failure; what it creates is the user's alone.
        words: the script's $1, $2 and so on.
        seconds: how long it may take. What he stops goes on; he could hold it up otherwise.
        stdin: text for its standard input, or lines of it, which no log shows.
    """
    return as_root(
        AS_USER, layout.user, str(layout.home), str(seconds), script, *words, stdin=stdin
    )


def told_by_user(
    layout: Layout,
    seconds: int,
    script: str,
    *words: str,
    stdin: Sequence[str] | None = None,
) -> StringCommand:
    """The same of a script that tells something, whose processes the user may stop or end.

    So the end of what is told may be missing; what tells of files that must not be lost ends with
    a mark.

    Args:
        layout: where things are.
        seconds: how long it may take.
        script: as above; nobody reads what it writes to standard error.
        words: its own.
        stdin: lines for its standard input. pyinfra has to be given them with the fact, too.
    """
    told = as_user(layout, script, *words, seconds=seconds, stdin=stdin)
    # The command itself has a second to be killed in.
    return run_by(IN_TIME, str(seconds + 2), str(MOST_BYTES), command=told)
