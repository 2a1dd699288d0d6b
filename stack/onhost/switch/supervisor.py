"""Supervisor's own interface.

supervisorctl speaks it too, but starts Python for each word, and waits longer than needs be.
"""

import http.client
import subprocess
import xmlrpc.client
from pathlib import Path
from typing import Any

from .connection import ROOT, Connection
from .health import NO_ANSWER
from .host import Host
from .processes import stopped
from .system import SwitchError, run, wait

PYTHON = "/usr/bin/python3"
"""Debian's, which has Supervisor's own modules."""
SOCKET = Path("/run/supervisor.sock")
TIMEOUT_SECONDS = 20
RELOAD_SECONDS = 60
"""How long a reload may take that is under way."""
AWAY_SECONDS = 5
"""How long its socket may be away in one."""
SILENCE = (xmlrpc.client.Error, *NO_ANSWER)
"""What a question ends with when supervisord is not there, or does not do what it was asked."""


class _Transport(xmlrpc.client.Transport):
    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        return Connection(f"unix:{SOCKET}", TIMEOUT_SECONDS, ROOT)


def refuse_broken_files(host: Host, program: str) -> None:
    """Refuse what supervisord could not start with, before it is touched.

    Args:
        program: what the program's file is to be.

    Raises:
        SwitchError: some file is wrong, and which.
    """
    # In a process of its own, since it takes supervisord's environment.
    command = [PYTHON, "-I", "-B", str(Path(__file__).with_name("judge.py"))]
    done = subprocess.run(
        [*command, str(host.program_file)],
        input=program,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise SwitchError((done.stdout + done.stderr).strip())


def refuse_silence() -> None:
    """Refuse to begin while supervisord takes connections, and answers nobody.

    One that is away, as in a reload or where it does not run, is waited for or started in its turn.

    Raises:
        SwitchError: it is silent; nothing was changed.
    """
    try:
        ask("getState")
    except (TimeoutError, BlockingIOError):
        pid = run("systemctl", "show", "-P", "MainPID", "supervisor")
        raise SwitchError(
            f"supervisord (process {pid}) does not answer at {SOCKET} within {TIMEOUT_SECONDS} s. "
            f"{_way_out(pid)} Nothing was changed."
        ) from None
    except SILENCE:
        pass


def _way_out(pid: str) -> str:
    """What a person can do, and what it does to the sites."""
    if stopped(pid):
        return (
            f"A signal has stopped it: `kill -CONT {pid}` has it go on, and what it runs stays as "
            "it is."
        )
    return (
        "`systemctl restart supervisor` starts it anew, and with it all its programs: the sites of "
        "this host are away until theirs answer again."
    )


def let_reload() -> None:
    """Wait while someone has supervisord reload: it stops all programs, and starts them anew.

    It takes no orders meanwhile, and then its socket is away for a moment.
    """
    wait(lambda: run("systemctl", "is-active", "supervisor") != "reloading", RELOAD_SECONDS)
    wait(lambda: _state() in ("RUNNING", ""), RELOAD_SECONDS)
    wait(_state, AWAY_SECONDS)


def _state() -> str:
    """Its own, or why it tells none; empty when it does not answer."""
    try:
        return str(ask("getState")["statename"])
    except xmlrpc.client.Fault as error:
        return words_of(error)
    except SILENCE:
        return ""


def pid() -> int:
    """supervisord's own number; 0 when it does not answer."""
    try:
        return int(ask("getPID"))
    except SILENCE:
        return 0


def pid_of(program: str) -> int:
    """The number of a program's process; 0 when there is none."""
    try:
        return int(ask("getProcessInfo", program)["pid"])
    except SILENCE:
        return 0


def status(program: str) -> str:
    """The state of a program, and since when or why."""
    try:
        told = ask("getProcessInfo", program)
    except SILENCE as error:
        return f"{program} has no state: {words_of(error)}"
    return f"{program} {told['statename']} {told['description']}".strip()


def words_of(error: Exception) -> str:
    """What a question has ended with, for a person."""
    return error.faultString if isinstance(error, xmlrpc.client.Fault) else f"{error}"


def ask(name: str, *words: object) -> Any:
    """Ask supervisord something, or have it do something, by a method of its interface.

    Raises:
        xmlrpc.client.Fault: it does not do that, and why.
        OSError: it is not there, or does not answer within TIMEOUT_SECONDS; with the others of
            SILENCE where it breaks off, or says what nobody understands.
    """
    with xmlrpc.client.ServerProxy("http://supervisor", _Transport()) as supervisord:
        return getattr(supervisord.supervisor, name)(*words)
