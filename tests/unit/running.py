"""Runs of pyinfra's command line, of which each process of tests starts one and forks it."""

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]


@cache
def _forking() -> "subprocess.Popen[str]":
    """What runs them, and ends with this process."""
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.forking"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(started.communicate)
    return started


def pyinfra(
    *words: str | Path,
    cwd: Path = ROOT,
    answer: str = "",
    counts: Path | None = None,
    **environment: str,
) -> "subprocess.CompletedProcess[str]":
    """Run pyinfra as its script does.

    Args:
        answer: its standard input.
        counts: a file for how often our lines run.
        environment: variables beside those of this process.
    """
    forking = _forking()
    assert forking.stdin
    assert forking.stdout
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        for path in streams:
            path.write_text(answer if path.name == "in" else "")
        request = {
            "words": [str(word) for word in words],
            "cwd": str(cwd),
            "env": {**os.environ, "NO_COLOR": "1", **environment},
            "streams": [str(path) for path in streams],
            "counts": str(counts or ""),
        }
        print(json.dumps(request), file=forking.stdin, flush=True)
        code = forking.stdout.readline()
        assert code, "what runs pyinfra has ended"
        said = [path.read_text() for path in streams[1:]]
    return subprocess.CompletedProcess(words, int(code), *said)
