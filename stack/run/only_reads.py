"""Runs that only look at hosts, whatever the entry files say that theirs includes."""

from weakref import WeakSet

from pyinfra import state
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.context import ctx_host

_hosts: "WeakSet[Host]" = WeakSet()


def only_reads() -> None:
    """Have the current host looked at, and not asked what only a change of it needs.

    Raises:
        PyinfraError: the run does not compare (`-y`).
    """
    if not state.should_check_for_changes():
        raise PyinfraError("this only reads: leave out -y.")
    _hosts.add(ctx_host.get())


def is_only_read() -> bool:
    """Whether this run changes nothing on the current host."""
    return ctx_host.get() in _hosts
