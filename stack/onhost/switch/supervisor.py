"""Supervisor's own interface.

supervisorctl speaks it too, but starts Python for each word, and waits longer than needs be.
"""

import http.client
import subprocess
import xmlrpc.client
from collections.abc import Collection
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
STOP_SECONDS = 3600
"""How long a program may take to end: supervisord itself does not wait beyond its stopwaitsecs."""
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
        _ask("getState")
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
        return str(_ask("getState")["statename"])
    except xmlrpc.client.Fault as error:
        return _words(error)
    except SILENCE:
        return ""


def pid() -> int:
    """supervisord's own number; 0 when it does not answer."""
    try:
        return int(_ask("getPID"))
    except SILENCE:
        return 0


def pid_of(program: str) -> int:
    """The number of a program's process; 0 when there is none."""
    try:
        return int(_ask("getProcessInfo", program)["pid"])
    except SILENCE:
        return 0


def status(program: str) -> str:
    """The state of a program, and since when or why."""
    try:
        told = _ask("getProcessInfo", program)
    except SILENCE as error:
        return f"{program} has no state: {_words(error)}"
    return f"{program} {told['statename']} {told['description']}".strip()


def run_anew(program: str, log: Path) -> str:
    """Have a program run as its file now says, and not wait for it; what there was against that.

    Args:
        log: where it writes to, by which it is known when its name has changed: what has the former
            one holds its address, and ends first.

    Raises:
        SwitchError: supervisord cannot read its files; nothing was changed.
    """
    try:
        [[added, changed, removed]] = _ask("reloadConfig")
        former = _former(removed, log)
    except xmlrpc.client.Fault as error:
        raise SwitchError(f"Supervisor cannot read its files: {_words(error)}") from None
    except SILENCE as error:
        return _words(error)
    said = [line for name in former for line in _forgotten(name)]
    if program in changed:
        said += [*_forgotten(program), _tried("addProcessGroup", program)]
    elif program in added:
        said += [_tried("addProcessGroup", program)]
    else:
        # Its file is the one it was started from. supervisord itself would wait for the program's
        # startsecs, which may answer long before.
        said += [
            _tried("stopProcess", program, False),
            _wait_for_end(program),
            _tried("startProcess", program, False),
        ]
    return "\n".join(filter(None, said))


def _former(removed: Collection[str], log: Path) -> set[str]:
    """Which of the programs that have no file any more write to a log."""
    told = _ask("getAllProcessInfo") if removed else []
    return {one["group"] for one in told if one["stdout_logfile"] == str(log)} & {*removed}


def _forgotten(program: str) -> list[str]:
    """End a program, and have supervisord forget it; what there was against that."""
    return [
        _tried("stopProcessGroup", program, False),
        _wait_for_end(program),
        _tried("removeProcessGroup", program),
    ]


def _wait_for_end(program: str) -> str:
    """Wait until supervisord has noticed that a program has ended; what there was against that.

    It looks once in a second, and whenever it is asked something: so this is faster than its own
    waiting.
    """

    def has_ended() -> bool:
        told = _ask("getAllProcessInfo")
        return not any((one["group"], one["statename"]) == (program, "STOPPING") for one in told)

    try:
        wait(has_ended, STOP_SECONDS)
    except SILENCE as error:
        return _words(error)
    return ""


def _tried(step: str, *words: object) -> str:
    try:
        _ask(step, *words)
    except SILENCE as error:
        return f"{step}: {_words(error)}"
    return ""


def _words(error: Exception) -> str:
    return error.faultString if isinstance(error, xmlrpc.client.Fault) else f"{error}"


def _ask(name: str, *words: object) -> Any:
    with xmlrpc.client.ServerProxy("http://supervisor", _Transport()) as supervisord:
        return getattr(supervisord.supervisor, name)(*words)
