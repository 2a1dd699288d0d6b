"""uv, which is a dependency of ours: run so that everybody gets the same."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

KEPT = ("PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "SSL_CERT_FILE", "https_proxy", "no_proxy")
"""What uv sees of the environment: none of its own variables, which could change the result."""


def run_uv(words: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run uv in a folder, without a person's settings of it.

    Raises:
        FileNotFoundError: it is not installed.
    """
    return subprocess.run(
        [path_of_uv(), *words, "--no-config"],
        cwd=folder,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def path_of_uv() -> str:
    """The one beside the interpreter, if any: the PATH may have an older one."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv") or "uv"


def last_line(done: "subprocess.CompletedProcess[str]") -> str:
    """What it said last, where it has failed."""
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return said[-1] if said else "failed"
