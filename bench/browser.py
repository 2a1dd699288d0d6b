"""A page's assets, as a browser gets them.

No load tool of Debian's does that: h2load and wrk have every connection ask for the same list.
"""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from bench.measuring import CostError
from tests.e2e.http import Secure
from tests.lab import Host

CONNECTIONS = 6
"""To one host, in today's browsers, over HTTP/1.1."""
PATIENCE = 20
HEADERS = {"Host": "fooproject.se", "Accept-Encoding": "gzip"}


def seconds(host: Host, paths: Sequence[str], secure: Secure | None = None) -> float:
    """How long all of them take, connections included, over HTTP/1.1. Raises CostError."""
    left = deque(paths)

    def go() -> None:
        connection = HTTPConnection(host.address, timeout=PATIENCE)
        if secure:
            connection.sock = secure.connect(host, "http/1.1", PATIENCE)
        try:
            while left:
                ask(connection, left.popleft())
        except IndexError:
            pass  # Another connection was faster.
        finally:
            connection.close()

    started = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for one in [pool.submit(go) for _ in range(CONNECTIONS)]:
            one.result()
    return time.monotonic() - started


def ask(connection: HTTPConnection, path: str) -> None:
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise CostError(f"{path}: {answer.status}")
