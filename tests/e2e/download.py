"""A visitor who takes his time over a large file."""

import http.client
import socket
import threading
from types import TracebackType
from typing import Self

from tests.lab import Host

MEGABYTES = 24
PIECE = 16 * 1024
PAUSE_SECONDS = 0.1
RECEIVE_BUFFER = 32 * 1024
"""Bytes. What the kernels on the way take in is not in Nginx's hands any more, and proves nothing:
with this little, and 4 MB at the sender's end, most of the file waits in Nginx."""


class Download:
    """Reads slowly until the block ends, then what is left at once.

    At its pace the whole file would take 150 s.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.received = 0
        self.trouble = ""
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)

    @property
    def is_under_way(self) -> bool:
        """Whether the file is coming."""
        return self.received > 0 and self._thread.is_alive()

    @property
    def is_whole(self) -> bool:
        """Whether every byte has come."""
        return not self.trouble and self.received == MEGABYTES * 1024 * 1024

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hurry.set()
        self._thread.join(60)

    def _go(self) -> None:
        try:
            with socket.socket() as its:
                self._read(its)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            self.trouble = f"{type(error).__name__} {error}"

    def _read(self, its: socket.socket) -> None:
        its.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        its.settimeout(60)
        its.connect((self.host.address, 80))
        connection = http.client.HTTPConnection(self.host.address)
        connection.sock = its
        path = f"/api/download?megabytes={MEGABYTES}"
        connection.request("GET", path, headers={"Host": "fooproject.se"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        while piece := answer.read(PIECE):
            assert set(piece) == {ord("x")}, "it is not what was sent"
            self.received += len(piece)
            self._hurry.wait(PAUSE_SECONDS)
