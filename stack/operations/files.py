"""Files of root's."""

from collections.abc import Generator, Sequence

from pyinfra import host
from pyinfra.api import StringCommand, operation

from stack.commands.files import put
from stack.host.files import Declared, out_of_place
from stack.operations.diff import show
from stack.project.release import Release
from stack.run.changing import changing
from stack.state.reading import must_read, observe


@operation()
def in_place(
    release: Release, files: Sequence[Declared], check: str = ""
) -> Generator[StringCommand, None, None]:
    """Have files as declared, each replaced in one step.

    Args:
        release: what the host is to run; says what of the host is read.
        files: the files, folders and symlinks, all owned by root.
        check: a command that judges the new files; when it fails the old ones come back.
    """
    must_read(release, paths=[file.path for file in files])
    entries = observe(release).entries
    wrong = out_of_place(files, entries)
    if not wrong:
        host.noop("all files are in place")
        return
    show(wrong, entries)
    yield from changing(release, [put(wrong, check)])
