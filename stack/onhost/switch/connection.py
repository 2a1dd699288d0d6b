"""HTTP to a server of this host, whose owner is known and whose time is limited."""

import http.client
import os
import socket
import ssl
import stat
import struct
import time
from contextlib import closing
from typing import Any

from .listening import listeners, name_of

ROOT = 0
CREDENTIALS = struct.Struct("3i")
"""Process, user and group, as the kernel tells them of a unix socket's other end."""
MOST_BYTES = 1_000_000
"""Of an answer, with all that is around it: http.client reads some of that without a limit."""


class OthersError(OSError):
    """Somebody else listens there: nothing was sent, and nothing is believed."""


class Connection(http.client.HTTPConnection):
    """HTTP over a TCP address or a unix socket, as Gunicorn's `bind` names them."""

    def __init__(self, bind: str, seconds: float, owner: int, tls_name: str = "") -> None:
        """Make it ready to connect.

        Args:
            seconds: for all of it, from the connection to the last byte of the answer.
            owner: the number of the account that has to be the one that listens.
            tls_name: by TLS, for the server of that name; empty for without.
        """
        super().__init__("localhost")
        self.bind = bind
        self.seconds = seconds
        self.owner = owner
        self.tls_name = tls_name

    def connect(self) -> None:
        """Connect, to nobody but the owner.

        Raises:
            OthersError: somebody else has the address.
        """
        unix = self.bind.startswith("unix:")
        family = socket.AF_INET6 if self.bind.startswith("[") else socket.AF_INET
        self.sock = _Timed(socket.AF_UNIX if unix else family)
        self.sock.begin(self.seconds)
        (self._connect_unix if unix else self._connect_tcp)()
        if self.tls_name:
            # Who listens is known already, and it may not be certified yet.
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.sslsocket_class = _TimedTlsSocket
            until = self.sock.until
            secure = context.wrap_socket(self.sock, server_hostname=self.tls_name)
            assert isinstance(secure, _TimedTlsSocket)  # noqa: S101 - by the line above
            secure.begin(until - time.monotonic())
            self.sock = secure

    def _connect_unix(self) -> None:
        # The path may lie where the project's user can put a symlink meanwhile.
        path = self.bind.removeprefix("unix:")
        inode = os.open(path, os.O_PATH | os.O_NOFOLLOW)
        try:
            found = os.fstat(inode)
            # What root is to talk to lies in a folder of root's, with whatever owner.
            if not stat.S_ISSOCK(found.st_mode) or self.owner not in (ROOT, found.st_uid):
                raise OthersError(f"{path} is not a socket of {name_of(self.owner)}'s")
            self.sock.connect(f"/proc/self/fd/{inode}")
        finally:
            os.close(inode)
        told = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        self._believe({CREDENTIALS.unpack(told)[1]})

    def _connect_tcp(self) -> None:
        address, port = self.bind.rsplit(":", 1)
        before = listeners(self.bind)
        self._believe({one.uid for one in before})
        self.sock.connect((address.strip("[]"), int(port)))
        if listeners(self.bind) != before:
            raise OthersError(f"{self.bind} is just passing from one server to another")

    def _believe(self, uids: set[int]) -> None:
        if others := sorted(uids - {self.owner}):
            names = ", ".join(map(name_of, others))
            raise OthersError(f"{self.bind} is taken by {names}, not {name_of(self.owner)}")


class _Timed(socket.socket):
    """Its timeout is for all that happens, so that bytes that come one by one end as well."""

    def begin(self, seconds: float) -> None:
        self.seconds = seconds
        self.until = time.monotonic() + seconds
        self.left = MOST_BYTES
        self.settimeout(seconds)

    def recv_into(self, *words: Any, **options: Any) -> int:
        late = TimeoutError(f"not all of it came within {self.seconds} s")
        left = self.until - time.monotonic()
        if left <= 0:
            raise late
        self.settimeout(left)
        try:
            received = super().recv_into(*words, **options)
        except TimeoutError:
            raise late from None
        self.left -= received
        if self.left < 0:
            raise OSError(f"it has more than {MOST_BYTES} bytes, of which none is the end")
        return received


class _TimedTlsSocket(_Timed, ssl.SSLSocket):
    """The same by TLS."""


def takes_connections(bind: str, owner: int) -> bool:
    """Whether the owner listens there."""
    try:
        with closing(Connection(bind, 1, owner)) as connection:
            connection.connect()
    except OSError:
        return False
    return True


def listens(bind: str, owner: int) -> bool:
    """Whether anybody does there yet; who it is, and whether he answers, is for others to tell.

    A socket is made first, and refuses connections until it is listened to.
    """
    try:
        with closing(Connection(bind, 1, owner)) as connection:
            connection.connect()
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    except OSError:
        return True
    return True
