"""A site looked at from outside."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from tests.lab import Host, Lab

PATIENCE_SECONDS = 60
"""How long what lawfully takes half a minute may take: the workers of a Gunicorn that was killed
stay for half of its timeout."""


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


@dataclass(frozen=True)
class Secure:
    """How a visitor comes over https."""

    authority: str
    """The only one that he trusts: its root, as PEM."""
    name: str = "fooproject.se"
    """Which he asks for, and which the certificate must have."""

    def connect(self, host: Host, protocol: str, limit: float) -> ssl.SSLSocket:
        """Connect to the host's own address, for "h2" or "http/1.1". Raises ssl.SSLError."""
        context = ssl.create_default_context(cadata=self.authority)
        context.set_alpn_protocols([protocol])
        plain = socket.create_connection((host.address, 443), timeout=limit)
        try:
            its = context.wrap_socket(plain, server_hostname=self.name)
        except BaseException:
            plain.close()
            raise
        agreed = its.selected_alpn_protocol()
        if protocol == "h2" and agreed != protocol:
            its.close()
            raise ssl.SSLError(f"{self.name}: no HTTP/2, but {agreed}")
        return its


def get(
    host: Host, path: str = "/", limit: float = 20, secure: Secure | None = None, **headers: str
) -> Answer:
    """GET a page of a host's site as a visitor does; `Accept_Encoding="gzip"` adds a header."""
    return request(host, "GET", path, None, limit, secure, **headers)


def post(
    host: Host,
    path: str,
    body: bytes,
    limit: float = 60,
    secure: Secure | None = None,
    **headers: str,
) -> Answer:
    return request(host, "POST", path, body, limit, secure, **headers)


def request(
    host: Host,
    method: str,
    path: str,
    body: bytes | None,
    limit: float,
    secure: Secure | None = None,
    **headers: str,
) -> Answer:
    connection = http.client.HTTPConnection(host.address, 80, timeout=limit)
    if secure:
        # Over a socket of its own it speaks http all the same.
        connection.sock = secure.connect(host, "http/1.1", limit)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    name = secure.name if secure else "fooproject.se"
    try:
        connection.request(method, path, body, {"Host": name, **named})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def over_ipv6(host: Host, lab: Lab) -> Host:
    """The host for visitors who come by IPv6: at the address that every interface has by itself."""
    told = host.enter("ip -6 -json address show dev host0 scope link").stdout
    [address] = [its["local"] for link in json.loads(told) for its in link.get("addr_info", [])]
    other = copy(host)
    other.address = f"{address}%lab-{lab.name}"
    return other


def release_at(host: Host) -> str:
    """The release that answers."""
    return str(get(host, "/health").json["release"])


def wait_for(what: str, is_so: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
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
