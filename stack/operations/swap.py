"""The swap file."""

from collections.abc import Generator

from pyinfra import host
from pyinfra.api import StringCommand, operation

from stack.commands import swap as commands
from stack.commands.files import put
from stack.host.files import out_of_place
from stack.operations.diff import show
from stack.project.host_wide import SWAP
from stack.project.target import Target
from stack.run.changing import changing
from stack.state.reading import observe
from stack.state.swap import bytes_of, is_on, is_superfluous


@operation()
def on(target: Target) -> Generator[StringCommand, None, None]:
    """Have the host swap to a file of the size that the settings say."""
    seen, size = observe(target), target.settings.swap
    if is_on(seen, size):
        host.noop(f"the host has {size} of swap")
        return
    wrong = out_of_place([SWAP], seen.entries)
    show(wrong, seen.entries)
    yield from changing(target, [*([put(wrong)] if wrong else []), commands.make(bytes_of(size))])


@operation()
def off(target: Target) -> Generator[StringCommand, None, None]:
    """Have no swap file of ours, where no project of the host asks for it."""
    if is_superfluous(observe(target), target):
        yield from changing(target, [commands.remove(target.layout)])
    else:
        host.noop("there is no swap file of ours")
