"""Root's files."""

from collections.abc import Callable, Generator, Sequence

from pyinfra import host
from pyinfra.api import StringCommand, operation

from stack.commands.files import Check, put, remove
from stack.host.files import Declared, out_of_place
from stack.host.observation import Observation
from stack.operations.diff import show
from stack.project.target import Target
from stack.run.changing import changing
from stack.state.reading import observe
from stack.state.scope import must_read

Files = Sequence[Declared] | Callable[[Observation], Sequence[Declared]]
"""Files, folders and symlinks, all owned by root.

Where they depend on what the host is like, a function says which: another run may change the host
between the moment at which an operation is declared and the one at which it is carried out.
"""


def declared(files: Files, seen: Observation) -> Sequence[Declared]:
    """Those of them that a host is to have as it is now."""
    return files(seen) if callable(files) else files


@operation()
def in_place(
    target: Target, files: Files, check: Check | None = None
) -> Generator[StringCommand, None, None]:
    """Have files as declared, each replaced in one step.

    Args:
        target: what the host is to be.
        files: what is declared.
        check: judges the new files; when it fails the old ones come back.
    """
    seen = observe(target)
    wanted, entries = declared(files, seen), seen.entries
    must_read(target, paths=[file.path for file in wanted])
    wrong = out_of_place(wanted, entries)
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
