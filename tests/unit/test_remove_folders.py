"""What is no longer kept is gone when a run ends, also where it cannot be renamed."""

import os
import subprocess
from pathlib import Path

import pytest

from stack.commands.release import REMOVE

SLOW_RM = '#!/bin/sh\nsleep 0.5\nPATH=/usr/bin:/bin\nexec rm "$@"\n'
LATER = "#!/bin/sh\n"
"""For systemd-run, which goes on when the run has ended: here, never."""


@pytest.mark.parametrize("can_be_renamed", [False, True])
def test_a_folder_is_gone_when_a_run_ends(tmp_path: Path, can_be_renamed: bool) -> None:
    home, aside, stubs = tmp_path / "home", tmp_path / "gone", tmp_path / "stubs"
    (home / "releases/old/src").mkdir(parents=True)
    stubs.mkdir()
    for name, text in {"rm": SLOW_RM, "systemd-run": LATER}.items():
        (stubs / name).write_text(text)
        (stubs / name).chmod(0o755)
    if not can_be_renamed:
        aside.touch()
    words = (str(home), str(aside), "0.2", "releases")
    path = f"{stubs}:{os.environ['PATH']}"
    command = ["sh", "-euc", REMOVE, "sh", *words]
    subprocess.run(command, input="./old\n", text=True, env={"PATH": path}, check=True)
    assert not (home / "releases/old").exists()
