"""Putting root's files in place."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api import StringCommand

from stack.commands.lock import alone_on_host
from stack.host.files import Declared, Directory, File
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script

PUT = script(__file__, "put.sh", "aside.sh")
REMOVE = script(__file__, "remove_files.sh")


@dataclass(frozen=True)
class Check:
    """What asks whoever uses files whether they are taken."""

    command: StringCommand
    """Fails when they are not: then the files are as they were before."""
    before: StringCommand | None = None
    """Run before any of them is put."""


def put(files: Sequence[Declared], check: Check | None = None) -> StringCommand:
    """A command that puts files in place, each in one step, and tells what it puts aside."""
    words = [word for file in files for word in _words(file)]
    stdin = "".join(_line(file.content) for file in files if isinstance(file, File))
    asks = check.command.get_raw_value() if check else ""
    before = check.before.get_raw_value() if check and check.before else ""
    command = telling(as_root(PUT, asks, before, *words, stdin=stdin or None))
    return alone_on_host(command) if check else command


def remove(paths: Sequence[str]) -> StringCommand:
    """A command that removes files."""
    return as_root(REMOVE, *paths)


def _words(file: Declared) -> tuple[str, str, str, str]:
    match file:
        case File(path=path, mode=mode):
            return "file", path, mode, ""
        case Directory(path=path, mode=mode, group=group):
            return "directory", path, mode, group
        case _:
            return "link", file.path, file.target, ""


def _line(content: str) -> str:
    return b64encode(content.encode()).decode() + "\n"
