"""Runs pyinfra as often as it is asked to, and is started once: that takes longer than most runs.

It reads a request a line, as JSON, and answers with the exit code. Each run is a fork, which knows
nothing of the others, with our modules imported as pyinfra's command line would have it.
"""

import gc
import json
import os
import pkgutil
import runpy
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from tests.unit.line_counts import counted

MOST_SECONDS = 120


def _run(
    words: list[str], cwd: str, env: Mapping[str, str], streams: list[str], counts: str
) -> None:
    """Run pyinfra in this process, as its script does. Raises SystemExit.

    Args:
        streams: the files of standard input, output and error.
        counts: the file that gets how often our lines run; empty when nobody wants to know.
    """
    for number, (path, flags) in enumerate(
        zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)
    ):
        os.dup2(os.open(path, flags), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["pyinfra", *words]
    # This clone's, by which our modules came; pyinfra adds the folder that it runs in.
    del sys.path[0]
    signal.alarm(MOST_SECONDS)
    if counts:
        with counted(Path(counts)):
            runpy.run_module("pyinfra", run_name="__main__")
    else:
        runpy.run_module("pyinfra", run_name="__main__")


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    # First: it puts gevent in the place of much that is imported after.
    import_module("pyinfra_cli.main")
    for module in pkgutil.iter_modules(import_module("tasks").__path__, "tasks."):
        import_module(module.name)
    # A fork that ends would look at all of this once more, and so have a copy of it made.
    gc.freeze()
    for line in requests:
        child = os.fork()
        if not child:
            _run(**json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    main()
