"""Acting as the project's user."""

from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.project.layout import Layout
from stack.shell.scripts import as_root, script

AS_USER = script(__file__, "as_user.sh")


def as_user(
    layout: Layout, script: str, *words: str, stdin: str | Sequence[str] | None = None
) -> StringCommand:
    """A command that runs a shell script as the project's user, from the root folder.

    Whatever is written below the home is written by the user, so that no symlink he puts there
    can lead root astray. He gets no terminal, no open files of root's, and none of the environment
    but the proxies.

    Args:
        script: POSIX sh, ended at the first failure; what it creates is the user's alone.
        words: the script's $1, $2 and so on.
        stdin: text for its standard input, or lines of it, which no log shows.
    """
    return as_root(AS_USER, layout.user, str(layout.home), script, *words, stdin=stdin)
