"""What is costly to make is made once, whoever of one process wants it too."""

import subprocess
import sys
from pathlib import Path

IN_GREENLETS = """
from gevent import monkey
monkey.patch_all()
import sys, time
from pathlib import Path
import gevent
from stack.source.cache import make_once

kept, made = Path(sys.argv[1]), []

def make(folder):
    made.append(folder)
    time.sleep(0.3)
    (folder / "it").mkdir()
    return folder / "it"

gevent.joinall([gevent.spawn(make_once, kept, make) for _ in range(3)], raise_error=True)
print(len(made), kept.is_dir())
"""


def test_hosts_that_are_planned_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", IN_GREENLETS, str(tmp_path / "it")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("1 True\n", "")
