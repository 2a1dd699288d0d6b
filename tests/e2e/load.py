"""Visitors who keep coming while something happens to a site."""

import http.client
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeAlias

import pytest

from tests.e2e.http import Answer, Secure, get
from tests.e2e.http2 import Asked, Http2
from tests.lab import Host

LOAD = "load"
"""The property of a test that has a line for the end of the run."""
TRIES = 3
"""How many connections a browser tries that the server leaves at once."""
ENTRANCE_SECONDS = 30
"""Within which the first visitors have got through to a site that is up."""


@dataclass
class Tally:
    """What visitors met."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds from sending a request to having all of its answer."""
    releases: list[str] = field(default_factory=list)
    """Each release that answered, in the order of its first answer."""
    tokens: list[str] = field(default_factory=list)
    """Of the entries whose POST was answered with success, and made the entry."""

    def __str__(self) -> str:
        return f"{self.sent} requests, {len(self.failed)} failed, slowest {self.slowest:.2f} s"


class Visitors:
    """Threads that each do one thing again and again, until the block ends.

    Every other one keeps its connection alive.
    """

    def __init__(
        self,
        host: Host,
        *more: "Kind",
        kinds: "Sequence[Kind]" = (),
        pause: float = 0.01,
        patience: float = 60,
        secure: Secure | None = None,
        name: str = "fooproject.se",
    ) -> None:
        """`kinds` come in place of the ordinary visitors, `more` besides them.

        With `secure` they come over https, and with HTTP/2; else for the site of that `name`. An
        answer that does not come within `patience` seconds is none.
        """
        self.host = host
        self.secure = secure
        self.name = name
        self.patience = patience
        self.pause = pause
        self.tally = Tally()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._go, args=(kind, number % 2 == 0), daemon=True)
            for number, kind in enumerate([*(kinds or ORDINARY), *more])
        ]

    def __enter__(self) -> Tally:
        for thread in self._threads:
            thread.start()
        until = time.monotonic() + ENTRANCE_SECONDS
        while (answered := self._answered()) < 3 * len(self._threads):
            if time.monotonic() > until:
                self._ended.set()
                raise AssertionError(f"{answered} requests got through: {self.tally.failed[:3]}")
            time.sleep(0.02)
        return self.tally

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gone = [thread for thread in self._threads if not thread.is_alive()]
        self._ended.set()
        for thread in self._threads:
            thread.join(self.patience)
        if error is None:
            # What became of these is not in the tally, which would say that nothing was lost.
            assert not gone, f"{len(gone)} visitors ended by themselves"
            waiting = [thread for thread in self._threads if thread.is_alive()]
            assert not waiting, f"{len(waiting)} visitors wait for an answer still"

    def _answered(self) -> int:
        with self._lock:
            return self.tally.sent - len(self.tally.failed)

    def _go(self, kind: "Kind", keep_alive: bool) -> None:
        visit = Visit(self.host, keep_alive, self.patience, self.secure, self.name)
        while not self._ended.is_set():
            started = time.monotonic()
            try:
                kind(visit)
                trouble = ""
            except (OSError, http.client.HTTPException, AssertionError) as error:
                trouble = f"{kind.__name__}: {type(error).__name__} {error}"
                visit.close()
            with self._lock:
                self.tally.sent += 1
                self.tally.slowest = max(self.tally.slowest, time.monotonic() - started)
                self.tally.tokens += visit.tokens
                visit.tokens = []
                if trouble:
                    self.tally.failed.append(trouble)
                if visit.release and visit.release not in self.tally.releases:
                    self.tally.releases.append(visit.release)
            self._ended.wait(self.pause)
        visit.close()


@contextmanager
def polled(host: Host, secure: Secure | None = None) -> Iterator[Tally]:
    """One visitor to a page that reads the database, if that answers at the start.

    A site that is down at the start may come back at any time, and its failures are no news.
    """
    visitor = Visitors(host, kinds=[page], pause=0.1, secure=secure)
    try:
        is_up = get(host, "/health", secure=secure).status == 200
    except (OSError, http.client.HTTPException):
        is_up = False
    with visitor if is_up else nullcontext(visitor.tally) as tally:
        yield tally


class Visit:
    """One visitor's connection."""

    def __init__(
        self,
        host: Host,
        keep_alive: bool,
        patience: float,
        secure: Secure | None = None,
        name: str = "fooproject.se",
    ) -> None:
        self.host = host
        self.name = name
        self.patience = patience
        self.keep_alive = keep_alive
        self.secure = secure
        self.tokens: list[str] = []
        self.release = ""
        self._connection: http.client.HTTPConnection | Http2 | None = None

    def request(
        self, method: str, path: str, body: bytes | None = None, status: int = 200
    ) -> bytes:
        """The body of an answer with that status; raises AssertionError for others.

        A connection that was kept alive and was closed by the server between two requests is
        opened anew, as every browser does: nothing was sent that got lost.
        """
        if self.secure:
            return self.requests([(method, path, body)], status)[0]
        text, found = self._plainly(method, path, body)
        assert found == status, f"{method} {path}: {found} {text[:200]!r}"
        return text

    def requests(
        self, asked: Sequence[tuple[str, str, bytes | None]], status: int = 200
    ) -> list[bytes]:
        """The same of several at once, over HTTP/2; one after the other where there is none."""
        if self.secure is None:
            return [self.request(*one, status=status) for one in asked]
        kind = ("content-type", "application/json")
        wanted = [Asked(method, path, body or b"", (kind,)) for method, path, body in asked]
        answers = self._over_http2(self.secure, wanted)
        for one, answer in zip(wanted, answers, strict=True):
            told = f"{one.method} {one.path}: {answer.status} {answer.body[:200]!r}"
            assert answer.status == status, told
        return [answer.body for answer in answers]

    def _over_http2(self, secure: Secure, wanted: Sequence[Asked]) -> list[Answer]:
        answers: dict[int, Answer] = {}
        for _ in range(TRIES):
            left = [number for number in range(len(wanted)) if number not in answers]
            if not left:
                break
            if not isinstance(self._connection, Http2):
                self._connection = Http2(self.host, secure, self.patience)
            found = self._connection.ask(*(wanted[number] for number in left))
            answers |= {n: a for n, a in zip(left, found, strict=True) if isinstance(a, Answer)}
            # What it has not taken, it has said so of: another connection is for that.
            if self._connection.is_leaving or len(answers) < len(wanted) or not self.keep_alive:
                self.close()
        assert len(answers) == len(wanted), f"not taken by {TRIES} connections"
        return [answers[number] for number in range(len(wanted))]

    def _plainly(self, method: str, path: str, body: bytes | None) -> tuple[bytes, int]:
        headers = {"Host": self.name, "Content-Type": "application/json"}
        if not self.keep_alive:
            headers["Connection"] = "close"
        reused = isinstance(self._connection, http.client.HTTPConnection)
        if not isinstance(self._connection, http.client.HTTPConnection):
            self._connection = http.client.HTTPConnection(self.host.address, timeout=self.patience)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if not reused:
                raise
            return self._plainly(method, path, body)
        text = answer.read()
        if not self.keep_alive:
            self.close()
        return text, answer.status

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def page(visit: Visit) -> None:
    visit.release = json.loads(visit.request("GET", "/health"))["release"]


def styled(visit: Visit) -> None:
    """A page, and the style sheet that it names."""
    text = visit.request("GET", "/").decode()
    visit.request("GET", re.findall(r'href="(/static/[^"]+\.css)"', text)[0])


def entry(visit: Visit) -> None:
    token = f"load-{uuid.uuid4().hex}"
    body = json.dumps({"token": token, "text": "hello"}).encode()
    # One that came twice, say because Nginx sent it on twice, would be answered with 200.
    visit.request("POST", "/api/entries", body, status=201)
    visit.tokens.append(token)


def slow(visit: Visit) -> None:
    visit.request("GET", "/api/slow?seconds=0.5")


def upload(visit: Visit) -> None:
    visit.request("POST", "/api/upload", b"x" * 3_000_000)


def at_once(visit: Visit) -> None:
    """Pages that are under way side by side, the slow one among them."""
    pages = ["/health", "/api/slow?seconds=0.5", "/", "/health"]
    visit.requests([("GET", path, None) for path in pages])


Kind: TypeAlias = Callable[[Visit], None]
"""What a visitor does each time; raises when it fails."""

ORDINARY: Sequence[Kind] = (page, page, entry, entry, slow, upload)


def told_in(reports: Iterable[object]) -> list[str]:
    """The lines that tests have recorded as LOAD."""
    return [
        str(value)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == LOAD
    ]
