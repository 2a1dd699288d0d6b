"""The release log: a line of JSON for each attempt to put a release live."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .host import Host
from .system import SwitchError, say, told


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
        why = [error.verdict, *error.lines] if isinstance(error, SwitchError) else [told(error)]
        line["why"] = "\n".join(why)
        raise
    finally:
        line["seconds"] = round(time.time() - started, 1)
        try:
            with (host.logs / "releases.log").open("a") as log:
                # Earlier versions made it with the umask of whoever called.
                os.fchmod(log.fileno(), 0o644)
                log.write(json.dumps(line) + "\n")
        except OSError as error:
            say(f"This could not be written to the release log: {error}")
