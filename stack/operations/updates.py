"""Security updates that install themselves."""

from collections.abc import Generator

from pyinfra import host
from pyinfra.api import StringCommand, operation

from stack.commands import updates as commands
from stack.commands.files import put
from stack.host.files import out_of_place
from stack.operations.diff import show
from stack.project.target import Target
from stack.run.changing import changing
from stack.state.reading import observe
from stack.state.updates import PACKAGE, files, is_on, stopped, superfluous


@operation()
def on(target: Target) -> Generator[StringCommand, None, None]:
    """Have Debian's security updates installed every day."""
    seen = observe(target)
    if is_on(seen):
        host.noop("security updates install themselves")
        return
    wrong = out_of_place(files(seen), seen.entries)
    show(wrong, seen.entries)
    # The file first: from then on nothing but security updates is installed.
    yield from changing(
        target,
        [
            *([put(wrong)] if wrong else []),
            *(commands.install() if PACKAGE not in seen.packages else []),
            *(commands.run(timer) for timer in stopped(seen)),
        ],
    )


@operation()
def off(target: Target) -> Generator[StringCommand, None, None]:
    """Have no files of ours for it, where no project of the host asks for it."""
    if old := superfluous(observe(target), target):
        yield from changing(target, [commands.remove(target.layout, old)])
    else:
        host.noop("there are no files of ours for it")
