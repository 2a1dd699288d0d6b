"""How the app is run: kinds of workers, and ASGI with WebSockets through a release."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

ASGI = '''
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooproject.settings")
django = get_asgi_application()


async def application(scope, receive, send):
    """Django, and an echo at /ws/ that says which release it is of."""
    if scope["type"] != "websocket":
        await django(scope, receive, send)
        return
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    while (event := await receive())["type"] == "websocket.receive":
        words = [os.environ["RELEASE_ID"], headers["x-forwarded-for"], event["text"]]
        await send({"type": "websocket.send", "text": " ".join(words)})
'''
DRAIN_SECONDS = 8


@pytest.fixture(scope="module")
def host(lab: Lab, deployed_web: Host) -> Iterator[Host]:
    host = lab.host("app-server", layer=DEPLOYED)
    wait_for_site(host)
    yield host
    host.power_off()


def socket_to(host: Host) -> ClientConnection:
    """A WebSocket of a visitor's."""
    plain = socket.create_connection((host.address, 80), timeout=20)
    return connect("ws://fooproject.se/ws/", sock=plain, open_timeout=20)


def echo(visitor: ClientConnection, text: str) -> list[str]:
    """The release that answers, the address that it sees, and what was said."""
    visitor.send(text)
    return str(visitor.recv(timeout=20)).split()


@dataclass
class Chat:
    """What a visitor met who stays, and comes back whenever the connection ends."""

    refused: list[str] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    """The codes with which connections ended."""
    releases: list[str] = field(default_factory=list)


@contextmanager
def chatting(host: Host) -> Iterator[Chat]:
    """Such a visitor, who says something every tenth of a second until the block ends."""
    chat, ended = Chat(), threading.Event()

    def stay() -> None:
        while not ended.is_set():
            try:
                visitor = socket_to(host)
            except (OSError, WebSocketException) as error:
                chat.refused.append(repr(error))
                ended.wait(0.1)
                continue
            with visitor:
                try:
                    while not ended.wait(0.1):
                        release = echo(visitor, "hello")[0]
                        if release not in chat.releases:
                            chat.releases.append(release)
                except ConnectionClosed as error:
                    chat.closed.append(error.rcvd.code if error.rcvd else 1006)

    thread = threading.Thread(target=stay, daemon=True)
    thread.start()
    try:
        wait_for("the visitor is there", lambda: chat.releases)
        yield chat
    finally:
        ended.set()
        thread.join(30)


@pytest.mark.long
def test_a_websocket_stays_through_a_release_for_as_long_as_a_request_may_take(
    host: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(host)
    (site.project() / "fooproject" / "asgi.py").write_text(ASGI)
    site.data |= {"asgi": "fooproject.asgi", "timeout_seconds": DRAIN_SECONDS}
    planned = site.plan()
    with Visitors(host) as tally:
        assert site.apply().changed == planned
    assert (tally.failed, site.plan()) == ([], [])
    first = release_at(host)
    with socket_to(host) as visitor:
        assert echo(visitor, "a") == [first, f"{site.lab.subnet}.1", "a"]

    (site.project() / "changed.txt").write_text("changed")
    with chatting(host) as chat, Visitors(host) as tally, socket_to(host) as stays:
        release = threading.Thread(target=site.apply)
        release.start()
        wait_for("others meet the new release", lambda: release_at(host) != first, 60)
        # Who came before is where he was.
        assert echo(stays, "b")[0] == first
        release.join(120)
        wait_for("the visitor is back", lambda: len(chat.releases) == 2)
    assert tally.failed == []
    assert chat.refused == []
    # Each was told that it ends, and not cut off.
    assert chat.closed
    assert 1006 not in chat.closed
    last = json.loads(host.enter("tail -n 1 /var/log/fooproject/releases.log").stdout)
    assert last["seconds"] < 60
    assert site.plan() == []


@pytest.mark.matrix
def test_a_websocket_goes_through_the_balancer(
    lab: Lab, host: Host, controller: Callable[..., Controller]
) -> None:
    lb = lab.host("app-server-lb")
    site = controller(lb, host)
    site.groups = {"lb": [lb], "app": [host]}
    (site.project() / "fooproject" / "asgi.py").write_text(ASGI)
    site.data |= {"asgi": "fooproject.asgi", "timeout_seconds": DRAIN_SECONDS}
    site.apply()
    assert site.plan() == []
    with socket_to(lb) as visitor:
        assert echo(visitor, "a") == [release_at(lb), f"{site.lab.subnet}.1", "a"]
    with Visitors(lb) as tally:
        wait_for("some have come", lambda: tally.sent > 50)
    assert tally.failed == []
    lb.power_off()


@pytest.mark.long
def test_workers_that_are_replaced_turn_nobody_away(
    host: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(host)
    site.data |= {"worker_class": "gthread", "threads": 4, "workers": 2}
    site.data |= {"max_requests": 40, "max_requests_jitter": 10}
    site.apply()
    assert site.plan() == []

    def workers() -> set[str]:
        main = host.enter("supervisorctl pid django").stdout.strip()
        return set(host.enter(f"pgrep -P {main}").stdout.split())

    before = workers()
    with Visitors(host) as tally:
        wait_for("all are replaced", lambda: not workers() & before, 60)
    assert tally.failed == []
    log = host.enter("cat /var/log/fooproject/gunicorn.log").stdout
    assert re.search(r"Using worker: gthread", log)
