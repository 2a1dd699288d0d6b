"""A site looked at from outside."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.lab import Host


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def get(host: Host, path: str = "/", limit: float = 20, **headers: str) -> Answer:
    """GET a page of a host's site as a visitor does; `Accept_Encoding="gzip"` adds a header."""
    return request(host, "GET", path, None, limit, **headers)


def post(host: Host, path: str, body: bytes, limit: float = 60, **headers: str) -> Answer:
    return request(host, "POST", path, body, limit, **headers)


def request(
    host: Host, method: str, path: str, body: bytes | None, limit: float, **headers: str
) -> Answer:
    connection = http.client.HTTPConnection(host.address, 80, timeout=limit)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, {"Host": "fooproject.se", **named})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def release_at(host: Host) -> str:
    """The release that answers."""
    return str(get(host, "/health").json["release"])


def wait_for(what: str, is_so: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so; an OSError or a bad HTTP answer means not yet.

    Raises:
        AssertionError: it did not become so within the time.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            pass
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.05)
