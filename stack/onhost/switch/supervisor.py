"""Supervisor's own interface, for what supervisorctl cannot do."""

import http.client
import xmlrpc.client
from pathlib import Path
from typing import Any

from .health import NO_ANSWER, Connection

SOCKET = Path("/run/supervisor.sock")
TIMEOUT_SECONDS = 20


class _Transport(xmlrpc.client.Transport):
    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        return Connection(f"unix:{SOCKET}", TIMEOUT_SECONDS)


def start(program: str) -> str:
    """Start a program and go on; what there was to say against it.

    supervisorctl waits for the program's startsecs, though it may answer long before.
    """
    try:
        with xmlrpc.client.ServerProxy("http://supervisor", _Transport()) as supervisord:
            supervisord.supervisor.startProcess(program, False)
    except (xmlrpc.client.Error, *NO_ANSWER) as error:
        return f"supervisord did not start {program}: {error}"
    return ""
