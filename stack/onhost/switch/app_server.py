"""The app server itself, Gunicorn or another, as Supervisor's program."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from . import health, program, supervisor
from .host import Host
from .logs import lines_since
from .processes import environment, variable
from .rivals import end_rivals
from .system import SwitchError, children, is_active, must, pauses, run, wait

START_SECONDS = 60
"""How long it may take until it answers."""

PROGRAM = re.compile(r"^\[program:(.*)\]", re.MULTILINE)
SUPERVISOR_FILE = Path("/etc/supervisor/supervisord.conf")


def restart(
    host: Host,
    release: str,
    bind: str,
    trouble_at: Callable[[Host, str], str] = health.trouble_at,
) -> None:
    """Have Supervisor run what the files now say, and see that it answers at `bind`.

    `trouble_at` tells what is wrong with its answers.

    Raises:
        SwitchError: it does not answer in time, or not with this release.
    """
    log_end = host.log.stat().st_size if host.log.exists() else 0
    end_rivals(host, bind, _program(host))
    told = ""
    if _supervisor_is_ready():
        told = program.run_anew(_program(host), host.log)
    else:
        _restart_supervisor()
    until, pause = time.monotonic() + START_SECONDS, pauses()
    while trouble := _trouble(host, release) or trouble_at(host, bind):
        if time.monotonic() > until or "FATAL" in trouble:
            what = f"{release} does not run under Supervisor: {trouble}"
            raise SwitchError(what, [*told.splitlines(), *lines_since(host.log, log_end)])
        time.sleep(next(pause))


def runs(host: Host, release: str) -> bool:
    """Whether it runs a release, started from Supervisor's file as it is now."""
    return _runs(host) == release


def release_of_process(host: Host) -> str:
    """The release that it runs, from its own environment; empty when it runs none."""
    return _folder(_environment(host))


def _supervisor_is_ready() -> bool:
    """Whether supervisord runs, does so after a boot, and has read its file as it is.

    It makes its socket anew when it reads the file. A plan tells the same from what was read of the
    host (stack/state/services.py); this asks at the moment of the switch, once the plan's earlier
    operations are done.
    """
    if not is_active("supervisor") or run("systemctl", "is-enabled", "supervisor") != "enabled":
        return False
    supervisor.let_reload()
    if not supervisor.SOCKET.exists():
        return False
    changed, read = SUPERVISOR_FILE.stat().st_ctime, supervisor.SOCKET.stat().st_mtime
    # A change that lies in the future tells that the clock was set back, and nothing else.
    return not read < changed <= time.time()


def _restart_supervisor() -> None:
    """Start supervisord anew, which starts its programs."""
    run("systemctl", "unmask", "supervisor")
    run("systemctl", "enable", "supervisor")
    must("systemctl", "restart", "supervisor")
    if not wait(supervisor.pid, 20):
        raise SwitchError("supervisord does not answer on its socket.")


def _program(host: Host) -> str:
    """Its name by its file as it is: that of the release before may have another."""
    text = host.program_file.read_text() if host.program_file.is_file() else ""
    named = PROGRAM.search(text)
    return named[1] if named else host.program


def _trouble(host: Host, release: str) -> str:
    """What keeps the release from running, or an empty string."""
    return "" if runs(host, release) else supervisor.status(_program(host))


def _runs(host: Host) -> str:
    """The release's folder, when it was started from Supervisor's file as it is now."""
    its = _environment(host)
    line = f'environment=PROGRAM_ID="{variable(its, "PROGRAM_ID")}"'
    if line not in host.program_file.read_text().splitlines():
        return ""
    return _folder(its)


def _folder(its: bytes) -> str:
    return os.path.basename(variable(its, "RELEASE_FOLDER") or "")


def _environment(host: Host) -> bytes:
    """That of the live one; empty without one.

    It also has to have its address, which another may hold: only then it starts workers.
    """
    try:
        pid = supervisor.pid_of(_program(host))
        its = environment(pid) if pid else b""
    except OSError:
        return b""
    return its if children(str(pid)) else b""
