"""The release log: a line of JSON for each attempt to put a release live."""

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .host import Host
from .system import SwitchError, plain, say, told

MOST_BYTES = 10_000
"""Of why an attempt has failed: each plan reads the log, and nothing rotates it."""


@contextmanager
def entry(host: Host, release: str, revision: str, by: str) -> Iterator[None]:
    """Write a line for what happens inside, whether it ends well or not."""
    started = time.time()
    line: dict[str, str | float] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "release": release,
        "revision": revision,
        "before": host.release(),
        "by": by,
        "result": "failed",
        "why": "",
    }
    try:
        yield
        line["result"] = "live"
    except Exception as error:
        line["why"] = _why(error)
        raise
    finally:
        line["seconds"] = round(time.time() - started, 1)
        try:
            _append(host.logs / "releases.log", f"{json.dumps(line)}\n".encode())
        except OSError as error:
            say(f"This could not be written to the release log: {error}", well=True)


def _append(path: Path, line: bytes) -> None:
    """Write a line, or nothing of it: the next one would be lost with what was cut short."""
    with path.open("ab", buffering=0) as log:
        # Earlier versions made it with the umask of whoever called.
        os.fchmod(log.fileno(), 0o644)
        before = log.seek(0, os.SEEK_END)
        if log.write(line) < len(line):
            log.truncate(before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _why(error: Exception) -> str:
    """The verdict, and as many of the program's last lines as there is room for."""
    verdict, lines = told(error), []
    if isinstance(error, SwitchError):
        verdict, lines = error.verdict, error.lines
    why = plain(verdict)[: MOST_BYTES // len("\\ud83d\\ude00")]
    kept: list[str] = []
    for line in map(plain, reversed(lines)):
        if len(json.dumps("\n".join([why, line, *kept]))) > MOST_BYTES:
            break
        kept.insert(0, line)
    return "\n".join([why, *kept])
