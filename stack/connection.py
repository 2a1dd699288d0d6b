"""The SSH transport as this project wants it."""

import socket

from gevent import get_hub
from paramiko import Transport
from pyinfra import logger
from pyinfra.api.exceptions import PyinfraError
from pyinfra.connectors.ssh import connector_data_meta


class PromptTransport(Transport):
    """A transport that sends each packet at once.

    paramiko leaves Nagle's algorithm on, and a command over SSH is many small packets: about
    40 ms are lost for each command.
    """

    def __init__(self, sock: socket.socket, **options: bool | None) -> None:
        # A jump host's connection is a channel, which has no such option.
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock, **options)  # type: ignore[arg-type]


def send_promptly() -> None:
    """Make PromptTransport the default of every host.

    A host's own `ssh_paramiko_connect_kwargs` still wins.
    """
    connector_data_meta["ssh_paramiko_connect_kwargs"].default = {
        "transport_factory": PromptTransport
    }


def fail_plainly() -> None:
    """Have pyinfra's own errors told in a line each, without a traceback.

    pyinfra connects in greenlets, and gevent prints a traceback of each that fails: of a key file
    that is not there, say.
    """
    hub = get_hub()
    print_traceback = hub.print_exception

    def print_error(context: object, kind: object, error: object, trace: object) -> None:
        if isinstance(error, PyinfraError):
            logger.error(f"{error}")
        else:
            print_traceback(context, kind, error, trace)

    hub.print_exception = print_error
