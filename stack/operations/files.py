"""Root's files."""

from collections.abc import Generator, Sequence

from pyinfra import host
from pyinfra.api import StringCommand, operation

from stack.commands.files import Check, put, remove
from stack.host.files import Declared, out_of_place
from stack.operations.diff import show
from stack.project.target import Target
from stack.run.changing import changing
from stack.state.reading import observe
from stack.state.scope import must_read


@operation()
def in_place(
    target: Target, files: Sequence[Declared], check: Check | None = None
) -> Generator[StringCommand, None, None]:
    """Have files as declared, each replaced in one step.

    Args:
        target: what the host is to be.
        files: the files, folders and symlinks, all owned by root.
        check: judges the new files; when it fails the old ones come back.
    """
    must_read(target, paths=[file.path for file in files])
    entries = observe(target).entries
    wrong = out_of_place(files, entries)
    if not wrong:
        host.noop("all files are in place")
        return
    show(wrong, entries)
    yield from changing(target, [put(wrong, check)])


@operation()
def gone(target: Target, paths: Sequence[str]) -> Generator[StringCommand, None, None]:
    """Have none of these files of root's."""
    must_read(target, paths=paths)
    if there := [path for path in paths if path in observe(target).entries]:
        yield from changing(target, [remove(there)])
    else:
        host.noop("none of them is there")
