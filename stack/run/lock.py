"""Holding a host's lock for the length of a run."""

import getpass
import socket
import uuid
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import gevent
from gevent import Greenlet
from paramiko import ChannelException
from pyinfra.api import StringCommand
from pyinfra.api.host import Host
from pyinfra.connectors.ssh import SSHConnector
from pyinfra.context import ctx_host

from stack.commands import lock as commands
from stack.project.layout import Layout
from stack.run import connection
from stack.run.upstream.arguments import of_connector
from stack.shell.printing import TOLD

WHO = f"{getpass.getuser()}@{socket.gethostname()}"
"""Who runs this, and from where."""
RUN = uuid.uuid4().hex
"""This run, to tell it from others."""

SILENCES = 2
"""How often as long as this end gives a connection up the host waits: at the very end of that, what
this end sends is waited for once more."""

_holds: "WeakKeyDictionary[Host, int]" = WeakKeyDictionary()
"""How often each was held: another time is over another connection."""
_holders: "WeakKeyDictionary[Host, Greenlet]" = WeakKeyDictionary()


class OneCommandError(Exception):
    """The host's sshd allows a connection no second command beside the one that holds the lock."""


def hold(layout: Layout) -> str:
    """Take the current host's lock, and keep it until this process ends, however it does.

    Returns:
        Who has it in place of this run, from where and since when; an empty string when this
        run has it.

    Raises:
        OneCommandError: it cannot be held.
    """
    this = ctx_host.get()
    arguments = of_connector(this)
    _holds[this] = _holds.get(this, 0) + 1
    token = f"{RUN}.{_holds[this]}"
    is_over_ssh = isinstance(this.connector, SSHConnector)
    silent = SILENCES * connection.DEAD_SECONDS if is_over_ssh else 0
    take, confirm = commands.hold(layout, WHO, token, silent), commands.confirm(layout, token)
    holder = _spawned(this.run_shell_command, take, arguments)
    # What it waits for is told as it says so.
    asked = _spawned(this.run_shell_command, confirm, {**arguments, "print_output": TOLD})
    # It holds the lock for as long as it goes on.
    gevent.wait([holder, asked], count=1)
    done = [one.value for one in (holder, asked) if one.ready()]
    for value in done:
        if isinstance(value, Exception):
            raise value
    if None in done:
        # Whichever of the two came first, the other was refused.
        gevent.killall([holder, asked])
        this.disconnect()
        this.connect(show_errors=False)
        raise OneCommandError
    if asked.ready() and asked.value[0]:
        _holders[this] = holder
        return ""
    asked.kill()
    output = (holder if holder.ready() else asked).value[1]
    return output.stdout_lines[-1] if output.stdout_lines else "an unknown run"


def _spawned(
    run: Callable[..., Any], command: StringCommand, arguments: dict[str, Any]
) -> Greenlet:
    """A command that is run beside others; its result is what it raised, or None when it could not
    be begun.

    The greenlet has no arguments: gevent would print them, a password among them, if it failed.
    """

    def begin() -> object:
        try:
            return run(command, **arguments)
        except ChannelException:
            return None
        except Exception as error:
            return error

    return gevent.spawn(begin)
