"""What is said of a program that Supervisor is to run, with a stand-in for Supervisor's client."""

import os
import subprocess
from pathlib import Path

from stack.commands.programs import RUN

SUPERVISORCTL = """#!/bin/sh
case $3 in
  update)
    RELEASE_FOLDER=$ITS_RELEASE sleep 2 > /dev/null 2>&1 &
    echo $! > "$0.pid"
    echo "No module named 'packaging'" >> "$ITS_LOG"
    echo 'worker: updated process group' ;;
  pid) cat "$0.pid" ;;
  status) echo 'worker RUNNING' ;;
esac
"""


def test_a_program_that_ends_once_it_was_seen_to_run_is_told_with_what_it_logged(
    tmp_path: Path,
) -> None:
    for name, text in {"supervisorctl": SUPERVISORCTL, "systemctl": "#!/bin/sh\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o700)
    release, log = tmp_path / "one", tmp_path / "worker.log"
    its = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ITS_LOG": str(log)}
    done = subprocess.run(
        ["sh", "-euc", RUN, "sh", "worker", str(release), str(log)],
        env={**os.environ, **its, "ITS_RELEASE": str(release)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "No module named 'packaging'"
    assert done.stderr.splitlines()[-1] == (
        "The program worker ends soon after it has started, and is started again; one is live "
        "without it."
    )
