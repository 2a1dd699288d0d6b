"""Programs of this machine, run to their end."""

import os
import shlex
import subprocess
from collections.abc import Sequence

from tests.lab.errors import LabError

# Root's PATH misses sbin under some CI runners, and `ip` and `nft` live there.
PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin:/usr/sbin:/sbin"))
TAIL_CHARACTERS = 2000


def environment() -> dict[str, str]:
    """What every program of the lab runs with: this process's environment, messages in English."""
    return {**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8"}


def run(
    argv: Sequence[str],
    *,
    check: bool = True,
    input: str | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run `argv` and return how it ended; at most `timeout` seconds.

    Raises LabError, one line, when the program is missing, is too slow, or (with `check`) fails.
    """
    result = _finish(argv, input, timeout)
    if check and result.returncode:
        lines = (result.stderr.strip() or result.stdout.strip() or "no output").splitlines()
        raise LabError(f"{shlex.join(argv)}: exit code {result.returncode}: {lines[-1]}")
    return result


def run_inside(
    argv: Sequence[str], command: str, where: str, check: bool, input: str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `argv`, which carries the shell `command` into a host; `where` names it in errors.

    Raises LabError with the command, its exit code and the ends of its output.
    """
    result = _finish(argv, input, timeout, f"{where}: {command}")
    if check and result.returncode:
        raise LabError(
            f"{where}: {command}\nexit code {result.returncode}"
            f"\nstdout: {result.stdout[-TAIL_CHARACTERS:]}"
            f"\nstderr: {result.stderr[-TAIL_CHARACTERS:]}"
        )
    return result


def _finish(
    argv: Sequence[str], input: str | None, timeout: float, label: str | None = None
) -> subprocess.CompletedProcess[str]:
    label = label or shlex.join(argv)
    # Without input the program must not read, and so wait for, the terminal of whoever runs us.
    stdin = subprocess.DEVNULL if input is None else None
    try:
        return subprocess.run(
            argv,
            stdin=stdin,
            input=input,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            env=environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{label}: not done after {timeout:g} s") from error
    except OSError as error:
        raise LabError(f"{label}: {error.strerror}") from error
