"""What the switch does here as root: it runs programs, waits, writes files and prints."""

import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

LAST_LINES = 60
"""How much of a program's output is told when it fails."""
LINE_LENGTH = 300
"""How much of a line of it: the project may log lines without end."""


class SwitchError(Exception):
    """A step failed; the message ends with which, after the program's own last lines."""

    def __init__(self, verdict: str, lines: Sequence[str] = ()) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.lines = [line[:LINE_LENGTH] for line in lines[-LAST_LINES:]]

    def __str__(self) -> str:
        return "\n".join([*(f"  | {line}" for line in self.lines), self.verdict])


def told(error: Exception) -> str:
    """An error for a person: of one that nobody has thought of, its kind and its place too."""
    if isinstance(error, SwitchError | OSError):
        return f"{error}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def run(*command: str) -> str:
    """Run a program; what it printed, whether or not it failed."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    return (done.stdout + done.stderr).strip()


def must(*command: str) -> str:
    """Run a program that has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()
        raise SwitchError(f"{' '.join(command)} failed", lines)
    return done.stdout.strip()


def is_active(unit: str) -> bool:
    """Whether a unit of systemd's runs, as it does while it is being reloaded."""
    return not subprocess.run(["systemctl", "is-active", "--quiet", unit]).returncode


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
        errors="replace",
    )
    if done.returncode:
        raise SwitchError(verdict, (done.stdout + done.stderr).splitlines())


def wait(is_so: Callable[[], object], seconds: float) -> bool:
    """Wait until something is so; whether it became so in time."""
    until, pause = time.monotonic() + seconds, pauses()
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(next(pause))
    return True


def pauses() -> Iterator[float]:
    """Seconds from one look to the next, without end: what is quick is seen at once."""
    pause = 0.01
    while True:
        yield pause
        pause = min(pause * 1.3, 0.05)


def children(pid: str) -> list[str]:
    """The processes that a process has started and that are there."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def say(text: str, well: bool = False) -> None:
    """Print lines, if anyone still listens; without what a terminal would obey.

    Args:
        well: whether they are told though all goes well. A run shows what comes on standard error
            only of a switch that has failed.
    """
    with suppress(OSError):
        print(plain(text), file=sys.stdout if well else sys.stderr, flush=True)


def plain(text: str) -> str:
    """Lines without what a terminal would obey."""
    return "".join(one if one.isprintable() or one in "\n\t" else "?" for one in text)


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
