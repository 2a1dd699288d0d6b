"""Asking the current host something outside of pyinfra's commands, also after its connection broke.

What is asked changes nothing, so neither a plan nor the results list it.
"""

import gevent
from paramiko import SSHException
from pyinfra.api import StringCommand
from pyinfra.api.exceptions import ConnectError
from pyinfra.connectors.ssh import SSHConnector
from pyinfra.connectors.util import CommandOutput
from pyinfra.context import ctx_host

from stack.project.layout import Layout
from stack.run import lock
from stack.run.upstream.arguments import of_connector
from stack.state import reading

BROKEN = (OSError, EOFError, SSHException)
"""What pyinfra raises when a connection ends; its TimeoutError is an OSError."""
PROBE_SECONDS = 10
PROOF_SECONDS = 10
"""How long a new connection may take: less than until rules nobody has proven are taken back."""


def ask(command: StringCommand, seconds: float | None = None) -> tuple[bool, list[str]]:
    """Run a command; whether it succeeded, and what it printed.

    Args:
        seconds: how long it may take; None is as long as it wants.
    """
    this = ctx_host.get()
    arguments = of_connector(this)
    output = CommandOutput([])
    if not this.connected:
        return False, []
    try:
        # pyinfra's own `_timeout` does not count until the command has begun.
        with gevent.Timeout(seconds, exception=TimeoutError):
            ok, output = this.run_shell_command(command, **arguments)
    except BROKEN:
        ok = False
    return ok, output.output_lines


def again(layout: Layout) -> str:
    """Reach the current host, anew where the connection is gone, with the host's lock held.

    A command that was cut off there may still be at work; this waits for its end.

    Returns:
        Why the host cannot be reached or must be left alone; an empty string when it is reached.
    """
    this = ctx_host.get()
    if ask(StringCommand("true"), PROBE_SECONDS)[0]:
        return ""
    this.disconnect()
    this.connect(show_errors=False)
    reading.forget()
    if not ask(StringCommand("true"), PROBE_SECONDS)[0]:
        return "is not reachable"
    try:
        other = lock.hold(layout)
    except lock.OneCommandError:
        return "allows one command at a time"
    return f"is being deployed to by {other}" if other else ""


def anew() -> str:
    """Why the current host lets in no new connection; empty where it does.

    Where it is not SSH by which it is reached there is nothing to be locked out of.
    """
    this = ctx_host.get()
    if not isinstance(this.connector, SSHConnector):
        return ""
    another = SSHConnector(this.state, this)
    try:
        with gevent.Timeout(PROOF_SECONDS, exception=TimeoutError):
            another.connect()
    except (*BROKEN, ConnectError) as error:
        return f"{error}" or f"no answer within {PROOF_SECONDS} s"
    finally:
        if another.client:
            another.client.close()
    return ""
