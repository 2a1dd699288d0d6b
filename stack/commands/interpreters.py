"""Bringing Pythons that Debian does not have, and taking them away."""

from collections.abc import Iterable

from pyinfra.api import StringCommand

from stack.commands.lock import alone_on_host
from stack.project.interpreter import Interpreter
from stack.shell.scripts import as_root, command, script
from stack.shell.stdin import lines_of
from stack.source import Spool

BRING = script(__file__, "bring_python.sh", "take.sh")


def bring(its: Interpreter, project: str, archive: Spool | None) -> StringCommand:
    """Have an interpreter on the host for all projects, marked as needed by this one.

    Args:
        archive: the build for the host's machine; None where it is there.
    """
    words = (str(its.folder), str(its.mark(project)))
    return alone_on_host(as_root(BRING, *words, stdin=lines_of(archive) if archive else ""))


def remove(paths: Iterable[str]) -> StringCommand:
    """Remove what no release needs any longer."""
    return alone_on_host(command("rm", "-rf", "--", *paths))
