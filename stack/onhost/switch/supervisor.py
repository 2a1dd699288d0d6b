"""Supervisor's own interface, for what supervisorctl cannot do."""

import http.client
import subprocess
import xmlrpc.client
from pathlib import Path
from typing import Any

from .connection import ROOT, Connection
from .health import NO_ANSWER
from .host import Host, SwitchError

PYTHON = "/usr/bin/python3"
"""Debian's, which has Supervisor's own modules."""
SOCKET = Path("/run/supervisor.sock")
TIMEOUT_SECONDS = 20


class _Transport(xmlrpc.client.Transport):
    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        return Connection(f"unix:{SOCKET}", TIMEOUT_SECONDS, ROOT)


def refuse_broken_files(host: Host, program: str) -> None:
    """Refuse what supervisord could not start with, before it is touched.

    Args:
        program: what the program's file is to be.

    Raises:
        SwitchError: some file is wrong, and which; nothing was changed.
    """
    # In a process of its own, since it takes supervisord's environment.
    command = [PYTHON, "-I", "-B", str(Path(__file__).with_name("judge.py"))]
    done = subprocess.run(
        [*command, str(host.program_file)], input=program, capture_output=True, text=True
    )
    if done.returncode:
        raise SwitchError((done.stdout + done.stderr).strip())


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
