"""uv, which is a dependency of ours: run so that everybody gets the same."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
KEPT = (
    *("PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *PROXIES,
    *map(str.upper, PROXIES),
)
"""What uv sees of the environment: none of its own variables, which could change the result."""
ERROR, HINT = "error:", "hint:"
LISTED = re.compile(r"\d*\s*\|")
_CAUSE = re.compile(r"(cause|Caused by|\d+): ")


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


def reason(done: "subprocess.CompletedProcess[str]") -> str:
    """Why it has failed, on one line: its error, the first and the last cause, and its hint."""
    said = [line.strip() for line in done.stderr.splitlines()]
    at = next((n for n, line in enumerate(said) if line.startswith(ERROR)), None)
    if at is None:
        return next((line for line in reversed(said) if line), "failed")
    said = said[at:]
    # A part of a file that it shows stands behind the numbers of its lines.
    error = [line for line in takewhile(_is_no_hint, said) if line and not LISTED.match(line)]
    causes = [_CAUSE.sub("", line) for line in error[1:]]
    whole = ": ".join([error[0].removeprefix(ERROR).strip(), *causes[:1], *causes[1:][-1:]])
    hint = next((line.removeprefix(HINT).strip() for line in said if line.startswith(HINT)), "")
    return f"{whole.removesuffix('.')}. {hint.removesuffix('.')}" if hint else whole


def _is_no_hint(line: str) -> bool:
    return not line.startswith(HINT)
