"""The project on this host, and running programs here."""

import fcntl
import grp
import json
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LOCKS = Path("/run/django-stack")
"""A folder of root's alone: who may read a lock's file may also hold it."""
NAMES = {"gunicorn": "Gunicorn", "uwsgi": "uWSGI"}
"""Of app servers, by the first word of their commands."""
LAST_LINES = 60
"""How much of a program's output is told when it fails."""


class SwitchError(Exception):
    """A step failed; the message ends with which, after the program's own last lines."""

    def __init__(self, verdict: str, lines: Sequence[str] = ()) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.lines = lines[-LAST_LINES:]

    def __str__(self) -> str:
        return "\n".join([*(f"  | {line}" for line in self.lines), self.verdict])


TROUBLE = (SwitchError, OSError)
"""What a switch may end with: the second is what the system refuses, say on a full disk."""


class Host:
    """The project's names and places on this host."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.user: str = values["user"]
        self.program: str = values["program"]
        self.program_file = Path(values["program_file"])
        self.site_file = Path(values["site_file"])
        self.bind: str = values["bind"]
        self.command: list[str] = values["command"]
        """The app server's words, with {bind}, {socket} and {pid_file} to be put in."""
        self.server = NAMES.get(self.command[0], self.command[0])
        """Its name, for a person."""
        self.timeout: int = values["timeout_seconds"]
        self.holds_connections: bool = values["holds_connections"]
        """Whether visitors keep theirs open for longer than any request takes."""
        self.health_path: str = values["health_path"]
        self.health_host: str = values["health_host"]
        self.https: bool = values["https"]
        """Whether visitors may come by https."""
        self.tls: bool = values["tls"]
        """Whether Nginx itself takes them so."""
        self.logs = Path(values["logs"])
        self.log = self.logs / values["log"]
        """That of the app server."""
        account = pwd.getpwnam(self.user)
        self.uid, self.gid = account.pw_uid, account.pw_gid
        self.groups = [group.gr_gid for group in grp.getgrall() if self.user in group.gr_mem]
        self.home = Path(account.pw_dir)
        self.live = self.home / self.user
        self.upstream_file = Path(f"/etc/nginx/conf.d/{self.user}-understudy.conf")
        self.sockets = Path(f"/run/{self.user}-understudy")

    @classmethod
    def read(cls, path: Path) -> "Host":
        return cls(json.loads(path.read_text()))

    def release(self) -> str:
        """The release that ~/PROJECT leads to, or an empty string."""
        return os.path.basename(os.readlink(self.live)) if self.live.is_symlink() else ""

    def sh(self, script: str, *words: str) -> None:
        """Run a shell script as the project's user: root writes nothing in his home."""
        done = subprocess.run(
            ["/bin/sh", "-euc", script, "sh", *words],
            cwd="/",
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # without root's terminal
            capture_output=True,
            text=True,
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
        )
        if done.returncode:
            raise SwitchError(f"{self.user}'s files cannot be changed: {done.stderr.strip()}")


def run(*command: str) -> str:
    """Run a program; what it printed, whether or not it failed."""
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()


def must(*command: str) -> str:
    """Run a program that has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()
        raise SwitchError(f"{' '.join(command)} failed", lines)
    return done.stdout.strip()


def call(function: str, verdict: str, *words: str) -> None:
    """Call a shell function from its file; the controller's commands call the same.

    Raises:
        SwitchError: with the verdict, and what the function had to say.
    """
    library = Path(__file__).with_name(f"{function}.sh")
    done = subprocess.run(
        ["sh", "-euc", f'. "$0"; {function} "$@"', str(library), *words],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SwitchError(verdict, (done.stdout + done.stderr).splitlines())


def wait(is_so: Callable[[], object], seconds: float) -> bool:
    """Wait until something is so; whether it became so in time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def children(pid: str) -> list[str]:
    """The processes that a process has started and that are there."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def say(line: str) -> None:
    """Print, if anyone still listens."""
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def write(path: Path, text: str) -> None:
    """Replace a file of root's in one step; a folder in its place is put aside.

    Raises:
        SwitchError: it cannot be written, and is as it was.
    """
    if path.is_dir() and not path.is_symlink():
        call("aside", f"{path} is a folder, and cannot be put aside.", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text)
        new.chmod(0o644)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise SwitchError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def shared() -> Iterator[None]:
    """Hold the lock of what all projects of this host share, waiting for it.

    Whoever checks or reloads Nginx does so with the files of all projects.
    """
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    with (LOCKS / "host").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(host: Host) -> Iterator[None]:
    """Hold the project's lock, waiting for it; the kernel frees it with the process."""
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    with (LOCKS / f"{host.user}-switch").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
