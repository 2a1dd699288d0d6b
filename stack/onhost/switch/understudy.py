"""A second app server, of the release that is to go live, on a socket of its own."""

import os
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from . import former, raising
from .clearing import remove
from .connection import ROOT, listens
from .health import trouble_at
from .host import Host
from .logs import TRACEBACK, lines_since
from .system import LAST_LINES, SwitchError, children, must, run, wait

START_SECONDS = 60
"""How long a release may take until it listens."""
SETTLE_SECONDS = 2
"""How long its workers have to stay: as long as Supervisor wants of the program."""


class Understudy:
    """A transient unit of systemd's, so that neither a cut connection nor the end of this
    process takes it away from its visitors, and so that it is found again by its name."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host = host
        self.folder = folder
        name = f"{time.time_ns()}"
        # No user's name has a dot: it is nobody else's unit.
        self.unit = f"{host.user}.understudy-{name}.service"
        self.own = host.sockets / name
        """The folder in which its user makes the socket, and may do with it what he likes."""
        # The kernel takes a path of a hundred bytes.
        self.bind = f"unix:{host.sockets}/{name}.sock"
        """The same socket, by a name that is root's."""
        self.log = host.logs / "understudy.log"

    def start(self, meanwhile: Callable[[], None]) -> None:
        """Start it, and see that it answers its health check.

        Args:
            meanwhile: what can be done while its workers are watched.

        Raises:
            SwitchError: it does not; it was stopped again.
        """
        host = self.host
        host.sockets.mkdir(exist_ok=True)
        # That which an earlier version has left is the user's.
        shutil.chown(host.sockets, ROOT, ROOT)
        host.sockets.chmod(0o711)
        self.own.mkdir(mode=0o700)
        shutil.chown(self.own, host.uid, host.gid)
        self.log.write_text("")
        self.log.chmod(0o644)
        properties = {
            "User": host.user,
            "WorkingDirectory": str(self.folder / "src"),
            "StandardOutput": f"append:{self.log}",
            "StandardError": f"append:{self.log}",
            "KillMode": "mixed",
            # Of all that the host runs, this has to go first when memory runs out.
            "OOMScoreAdjust": "1000",
            "TimeoutStopSec": str(host.timeout + 5),
            # Kept when it ended by itself, so that how it ended can be told.
            "CollectMode": "inactive",
        }
        options = [f"--property={name}={value}" for name, value in properties.items()]
        # Where Gunicorn 25 puts its control socket; the live one has it in the home.
        options.append(f"--setenv=XDG_RUNTIME_DIR={self.own}")
        must("systemd-run", "--quiet", f"--unit={self.unit}", *options, *self._command())
        if trouble := self._trouble(meanwhile):
            if " answers 5" in trouble:
                self._have_it_told()
            # Nobody talks to it, and it may hang.
            run("systemctl", "kill", "--signal=KILL", self.unit)
            self.stop()
            what = f"{self.folder.name} does not start: {trouble}"
            raise SwitchError(what, lines_since(self.log))

    def _command(self) -> list[str]:
        """The app server's, at the socket, with the release's environment and virtualenv."""
        # The project's gunicorn.conf.py may have a pid file, which is the live one's.
        own = {
            "{bind}": f"unix:{self._socket}",
            "{socket}": str(self._socket),
            "{pid_file}": f"{self.own}/{self.unit}.pid",
        }
        program, *words = self.host.command
        return [
            str(self.folder / "with-env"),
            str(self.folder / "virtualenv/bin" / program),
            *(own.get(word, word) for word in words),
        ]

    @property
    def _socket(self) -> Path:
        return self.own / "app.sock"

    def _fix(self) -> str:
        """Give the socket its other name, which leads to it whatever its user does to his own: root
        and Nginx may open sockets that he may not. What is against that, or an empty string.

        The app server removes its own when it ends, and fails where that is gone.
        """
        fixed = Path(self.bind.removeprefix("unix:"))
        try:
            os.link(self._socket, fixed, follow_symlinks=False)
        except OSError as error:
            return f"{self._socket}: {error.strerror}"
        found = fixed.lstat()
        if stat.S_ISSOCK(found.st_mode) and found.st_uid == self.host.uid:
            return ""
        fixed.unlink()
        return f"{self._socket} is not a socket of {self.host.user}'s"

    def _have_it_told(self) -> None:
        """By default, Django logs nothing of what a page raises, and others much after it."""
        if TRACEBACK not in lines_since(self.log)[-LAST_LINES:]:
            unit = self.unit.replace(".service", "-page.service")
            raising.tell(self.host, self.folder, unit, self.log)

    def _trouble(self, meanwhile: Callable[[], None]) -> str:
        main = run("systemctl", "show", "-P", "MainPID", self.unit)
        process = Path(f"/proc/{main}")
        owner = self.host.uid
        own = f"unix:{self._socket}"
        if not wait(lambda: listens(own, owner) or not process.exists(), START_SECONDS):
            return f"{self.host.server} did not listen within {START_SECONDS} s"
        trouble = self._fix() if self._runs() else "it ended"
        trouble = trouble or trouble_at(self.host, self.bind)
        if not trouble:
            trouble = self._loss(main, meanwhile) or trouble_at(self.host, self.bind)
        # What breaks the connection is often that Gunicorn ends, a moment later.
        if trouble and wait(lambda: not self._runs(), 2):
            if run("systemctl", "show", "-P", "Result", self.unit) == "oom-kill":
                return "the host has not enough memory for it beside what is being served"
            status = run("systemctl", "show", "-P", "ExecMainStatus", self.unit)
            if status == "0" and self.host.server == "Gunicorn":
                return "Gunicorn went to the background: take daemon out of its gunicorn.conf.py"
            return f"{self.host.server} ended with exit code {status}"
        return trouble

    def _loss(self, main: str, meanwhile: Callable[[], None]) -> str:
        """Which worker of the main process does not stay, or an empty string."""
        until = time.monotonic() + SETTLE_SECONDS
        seen = set(children(main))
        meanwhile()

        def lost() -> set[str]:
            there = set(children(main))
            seen.update(there)
            return seen - there

        if wait(lost, until - time.monotonic()):
            return f"a worker answered, and ended within {SETTLE_SECONDS} s"
        return ""

    def _runs(self) -> bool:
        return run("systemctl", "is-active", self.unit) in ("active", "activating")

    def stop(self) -> None:
        """End it; a request that it is answering may finish."""
        _stop(self.unit)

    def stop_others(self) -> None:
        """End those that a cut run left behind."""
        for unit in _units(self.host):
            if unit != self.unit:
                _stop(unit)


def clear_away(host: Host) -> None:
    """Leave nothing behind: no unit, no socket."""
    for unit in _units(host):
        _stop(unit)
    folders = [host.sockets] if host.sockets.exists() or host.removed.exists() else []
    with suppress(FileNotFoundError):
        before = former.sockets(host.user)
        found = before.lstat()
        # Another project of that name may listen there.
        if stat.S_ISDIR(found.st_mode) and found.st_uid == host.uid:
            folders.append(before)
    for folder in folders:
        # Not of the names by which an understudy is found.
        remove(folder, host.removed, f"{host.user}.clearing-{time.time_ns()}.service")


def _units(host: Host) -> list[str]:
    now = f"{host.user}.understudy-"
    patterns = f"{now}*", f"{former.beginning(host.user)}*"
    listed = run("systemctl", "list-units", "--all", "--plain", "--no-legend", *patterns)
    names = [line.split()[0] for line in listed.splitlines() if line.strip()]
    return [one for one in names if one.startswith(now) or former.is_unit(host.user, one)]


def _stop(unit: str) -> None:
    run("systemctl", "stop", unit)
    run("systemctl", "reset-failed", unit)
