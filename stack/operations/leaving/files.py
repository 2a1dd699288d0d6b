"""Files of root's that a project has, and those that it has replaced."""

from pyinfra import host
from pyinfra.api import operation

from stack.commands import leaving as commands
from stack.operations.leaving.told import seen_of, tell_removed
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state import leaving
from stack.state.presence import has_replaced_nothing, there
from stack.state.reading import observe


@operation()
def originals_kept(target: Target) -> Commands:
    """Have what the first project of a host replaces kept, for the day on which the last leaves."""
    if has_replaced_nothing(observe(target)):
        yield from changing(target, [commands.keep_originals()])
    else:
        host.noop("it is kept, or was replaced long ago")


@operation()
def files_removed(target: Target) -> Commands:
    """Have no other file of root's that is the project's."""
    if paths := leaving.files(seen_of(target), target):
        tell_removed(paths)
        yield from changing(target, [commands.files(paths)])
    else:
        host.noop("root has no other file of its")


@operation()
def data_removed(target: Target) -> Commands:
    """Have no logs and no dumps."""
    if paths := there(seen_of(target), Belongings(target.layout).data):
        tell_removed(paths)
        yield from changing(target, [commands.files(paths)])
    else:
        host.noop("there are none")


@operation()
def traces_removed(target: Target, everything: bool) -> Commands:
    """Have no trace of the project: last, so that after a cut the next run finds it and goes on.

    Args:
        target: what the host is to be.
        everything: whether logs and dumps go too, and so what tells whose account may read them.
    """
    seen = seen_of(target)
    paths = leaving.traces(seen, target)
    account = there(seen, [Belongings(target.layout).account]) if everything else ()
    if not paths and not account:
        host.noop("nothing tells of it")
        return
    tell_removed([*paths, *account])
    # A project that is here with nothing that tells of an account before would take that account
    # for its own, and remove it: this goes once all else has gone.
    yield from changing(target, [commands.files(one) for one in (paths, account) if one])
