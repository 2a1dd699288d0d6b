"""Bringing Pythons that Debian does not have, and taking them away."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache

from pyinfra.api import StringCommand

from stack.commands.lock import alone_on_host
from stack.project.interpreter import FOLDER, Interpreter
from stack.shell.scripts import as_root, command, script

BRING = script(__file__, "bring_python.sh", "take.sh")
LINE_BYTES = 3 * 8192


def bring(its: Interpreter, project: str, archive: bytes | None) -> StringCommand:
    """Have an interpreter on the host for all projects, and known to be needed by this one.

    Args:
        archive: the build for the host's machine; None where it is there.
    """
    words = (str(its.folder), str(its.mark(project)))
    return alone_on_host(as_root(BRING, *words, stdin=_lines(archive) if archive else ""))


def remove(paths: Iterable[str]) -> StringCommand:
    """Remove what no release needs any longer."""
    names = [path.removeprefix(f"{FOLDER}/") for path in paths]
    return alone_on_host(command("rm", "-rf", "--", *(f"{FOLDER}/{name}" for name in names)))


@cache
def _lines(archive: bytes) -> tuple[str, ...]:
    """For standard input: one copy for all hosts, in lines, which pyinfra copies one by one."""
    starts = range(0, len(archive), LINE_BYTES)
    return tuple(b64encode(archive[at : at + LINE_BYTES]).decode() + "\n" for at in starts)
