"""The builder of all commands: scripts of shell in files, and the words that go into them.

What differs from one run to the next is a word of the script's, $1, $2 and so on, and no part of
its text: so nothing has to be quoted by hand, and shellcheck reads what is run.
"""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from pyinfra.api import StringCommand

from stack import database, onhost

LIBRARIES = (
    Path(__file__).parent,
    Path(onhost.__file__).with_name("switch"),
    Path(database.__file__).parent,
)
"""The folders of files of functions: for commands alone, and two for what is on hosts too."""

Command = TypeVar("Command", bound=StringCommand)


def script(module: str, name: str, *libraries: str) -> str:
    """The text of a script, for `as_root` or `as_user`.

    Args:
        module: the `__file__` of the module beside which its file is.
        name: that file's.
        libraries: the names of files of functions that it calls, there or beside it.
    """
    folders = dict.fromkeys((Path(module).parent, *LIBRARIES))
    files = [_only(library, folders) for library in libraries]
    return "".join(file.read_text("utf-8") for file in [*files, Path(module).with_name(name)])


def _only(name: str, folders: Iterable[Path]) -> Path:
    """The one file of that name. Raises FileNotFoundError where there is none, or another."""
    found = [folder / name for folder in folders if (folder / name).exists()]
    if len(found) != 1:
        where = ", ".join(str(path.parent) for path in found) or "none of its folders"
        raise FileNotFoundError(f"{name} has to be in one folder, and is in {where}")
    return found[0]


def as_root(script: str, *words: str, stdin: str | Sequence[str] | None = None) -> StringCommand:
    """A command that runs a script as whom pyinfra acts, in an environment that was made for it.

    Args:
        script: POSIX sh, ended at the first failure.
        words: the script's $1, $2 and so on.
        stdin: text for its standard input, or lines of it, which no log shows.
    """
    return command("sh", "-euc", ENVIRONMENT + script, "sh", *words, stdin=stdin)


def command(*words: str, stdin: str | Sequence[str] | None = None) -> StringCommand:
    """A command that runs a program, with words that no shell reads."""
    line = shlex.join(words)
    if stdin is None:
        return StringCommand(f"{line} < /dev/null")
    return StringCommand(line, _stdin=stdin)


def run_by(script: str, *words: str, command: Command) -> Command:
    """The same command, run by a script that has it after its own words."""
    line = shlex.join(["sh", "-euc", ENVIRONMENT + script, "sh", *words])
    return type(command)(line, command, **command.connector_arguments)


ENVIRONMENT = script(__file__, "environment.sh")
