"""The SSH transport as this project wants it."""

import socket

from paramiko import Transport

from stack.run.upstream.ssh import set_default_of_ssh

DEAD_SECONDS = 30
"""How long a host may be silent towards the kernel's own questions before it counts as gone."""


class PromptTransport(Transport):
    """A transport that sends each packet at once, and notices when the host is gone.

    paramiko leaves Nagle's algorithm on, and a command over SSH is many small packets: about
    40 ms are lost for each command. And a host without power says nothing, which would be waited
    for without an end.
    """

    def __init__(self, sock: socket.socket, **options: bool | None) -> None:
        # A jump host's connection is a channel, which has no such option.
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _keepalive():
                if hasattr(socket, name):  # each system has some of them
                    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        super().__init__(sock, **options)  # type: ignore[arg-type]


def _keepalive() -> list[tuple[str, int]]:
    pause = max(DEAD_SECONDS // 3, 1)
    return [
        ("TCP_KEEPIDLE", pause),
        ("TCP_KEEPINTVL", pause),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", DEAD_SECONDS * 1000),
    ]


def send_promptly() -> None:
    """Make PromptTransport the default of every host.

    A host's own `ssh_paramiko_connect_kwargs` still wins.
    """
    kwargs = {"transport_factory": PromptTransport}
    set_default_of_ssh("ssh_paramiko_connect_kwargs", kwargs)
