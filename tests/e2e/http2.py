"""HTTP/2 as a browser speaks it: one connection, several requests on it at once."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from h2.errors import ErrorCodes
from hyperframe.frame import Frame, GoAwayFrame

from tests.e2e.http import Answer, Secure
from tests.lab import Host

FRAME_HEAD = 9
"""Bytes before what a frame carries."""


class NotTakenError(OSError):
    """The server has said that nothing was done about a request: it may be asked anew."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case."""


@dataclass
class _Stream:
    rest: memoryview
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    is_over: bool = False
    trouble: OSError | None = None


class Http2:
    """A connection to a host; it may not be used any more once it `is_leaving`.

    A server that reloads says so (GOAWAY), answers what it has taken, and takes no more. The
    libraries above h2 take that for the end of all that is under way, and h2 itself refuses what
    comes after: so it is kept from h2.
    """

    def __init__(self, host: Host, secure: Secure, limit: float) -> None:
        """Raises OSError. `limit` is in seconds, for anything to come at all."""
        self.name = secure.name
        self.is_leaving = False
        self._socket = secure.connect(host, "h2", limit)
        self._unread = b""
        self._streams: dict[int, _Stream] = {}
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
        self._state = h2.connection.H2Connection(config)
        self._state.initiate_connection()

    def close(self) -> None:
        self._socket.close()

    def ask(self, *asked: Asked) -> list[Answer | NotTakenError]:
        """What comes of requests that are sent at once.

        Raises another OSError when it is not known what has become of one.
        """
        try:
            self._catch_up()
            if self.is_leaving:
                return [NotTakenError("the server has left") for _ in asked]
            return self._ask(asked)
        except h2.exceptions.ProtocolError as error:
            raise OSError(f"HTTP/2: {type(error).__name__} {error}") from error

    def _ask(self, asked: Sequence[Asked]) -> list[Answer | NotTakenError]:
        self._streams = {self._begin(each): _Stream(memoryview(each.body)) for each in asked}
        while not all(stream.is_over for stream in self._streams.values()):
            for number, stream in self._streams.items():
                self._send_body(number, stream)
            self._flush()
            if not self._receive():
                raise ConnectionResetError("the server has closed the connection over a request")
        for number, stream in self._streams.items():
            if stream.rest and not stream.trouble:
                # It was answered before all of it was sent.
                with suppress(h2.exceptions.StreamClosedError):
                    self._state.reset_stream(number, ErrorCodes.CANCEL)
        self._flush()
        return [_outcome(stream) for stream in self._streams.values()]

    def _catch_up(self) -> None:
        """Take what has come while nothing was asked: that the server leaves, say."""
        self._streams = {}
        limit = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            while self._receive():
                pass
            self.is_leaving = True
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLError, ConnectionError):
            self.is_leaving = True
        finally:
            self._socket.settimeout(limit)

    def _begin(self, asked: Asked) -> int:
        number = self._state.get_next_available_stream_id()
        headers = [
            (":method", asked.method),
            (":scheme", "https"),
            (":authority", self.name),
            (":path", asked.path),
            *([("content-length", str(len(asked.body)))] if asked.body else []),
            *asked.headers,
        ]
        self._state.send_headers(number, headers, end_stream=not asked.body)
        return number

    def _send_body(self, number: int, stream: _Stream) -> None:
        while stream.rest and not stream.is_over:
            room = self._state.local_flow_control_window(number)
            piece = stream.rest[: min(room, self._state.max_outbound_frame_size)]
            if not piece:
                return
            stream.rest = stream.rest[len(piece) :]
            self._state.send_data(number, bytes(piece), end_stream=not stream.rest)

    def _flush(self) -> None:
        self._socket.sendall(self._state.data_to_send())

    def _receive(self) -> bool:
        """Take what comes next; False when it is the end."""
        received = self._socket.recv(65536)
        for frame, its_bytes in self._frames(received):
            if isinstance(frame, GoAwayFrame):
                self._leave(frame)
            else:
                for event in self._state.receive_data(its_bytes):
                    self._learn(event)
        return bool(received)

    def _frames(self, received: bytes) -> Iterator[tuple[Frame, bytes]]:
        """The frames that have come whole, each with all of its bytes."""
        self._unread += received
        while len(self._unread) >= FRAME_HEAD:
            frame, length = Frame.parse_frame_header(memoryview(self._unread[:FRAME_HEAD]))
            whole = self._unread[: FRAME_HEAD + length]
            if len(whole) < FRAME_HEAD + length:
                return
            self._unread = self._unread[len(whole) :]
            if isinstance(frame, GoAwayFrame):
                frame.parse_body(memoryview(whole[FRAME_HEAD:]))
            yield frame, whole

    def _leave(self, said: GoAwayFrame) -> None:
        self.is_leaving = True
        for number, stream in self._streams.items():
            if number > said.last_stream_id and not stream.is_over:
                stream.is_over = True
                stream.trouble = NotTakenError(f"the server leaves (error {said.error_code})")

    def _learn(self, event: h2.events.Event) -> None:
        stream = self._streams.get(getattr(event, "stream_id", None) or 0)
        if stream is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            stream.headers = {str(name): str(value) for name, value in event.headers}
        elif isinstance(event, h2.events.DataReceived):
            stream.body += event.data
            # Else the server stops sending when its window is full.
            self._state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            stream.is_over = True
        elif isinstance(event, h2.events.StreamReset):
            # One that was answered may be told to send no more.
            if not stream.is_over:
                stream.trouble = _trouble(event)
            stream.is_over = True


def _outcome(stream: _Stream) -> Answer | NotTakenError:
    if isinstance(stream.trouble, NotTakenError):
        return stream.trouble
    if stream.trouble:
        raise stream.trouble
    return Answer(int(stream.headers.pop(":status")), stream.headers, bytes(stream.body))


def _trouble(reset: h2.events.StreamReset) -> OSError:
    if reset.error_code == ErrorCodes.REFUSED_STREAM:
        return NotTakenError("the server refuses the request for now")
    return ConnectionResetError(f"the server has ended the request (error {reset.error_code})")
