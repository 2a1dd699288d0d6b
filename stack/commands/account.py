"""Acting as the project's user."""

import shlex
from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.project import Project


def as_user(
    project: Project, script: str, *words: str, stdin: str | Sequence[str] | None = None
) -> StringCommand:
    """A command that runs a shell script as the project's user, from the root folder.

    Whatever is written below the home is written by the user, so that no symlink he puts there
    can lead root astray. runuser is always there; sudo need not be.

    Args:
        script: POSIX sh, ended at the first failure; what it creates is the user's alone.
        words: the script's $1, $2 …
        stdin: text for its standard input, or lines of it, which no log shows.
    """
    command = [
        *("runuser", "-u", project.user, "--"),
        *("env", f"HOME={project.home}", f"USER={project.user}", "LANG=C.UTF-8"),
        *("sh", "-euc", f"cd /; umask 077; {script.strip()}", "sh", *words),
    ]
    arguments = {} if stdin is None else {"_stdin": stdin}
    return StringCommand(shlex.join(command), **arguments)  # type: ignore[arg-type]
