"""Waits until the app server takes connections, or for a while.

    python3 -m switch.ready

Nginx starts after that where a balancer is in front, which sends nobody here before.
"""

import sys
from pathlib import Path

from .connection import takes_connections
from .host import Host, wait
from .visitors import bind_now

PATIENCE_SECONDS = 30


def main() -> int:
    """0 when it does, 1 when it was waited for in vain."""
    host = Host.read(Path(__file__).resolve().parent.parent / "switch.json")
    bind = bind_now(host) if host.site_file.is_file() else host.bind
    return 0 if wait(lambda: takes_connections(bind, host.uid), PATIENCE_SECONDS) else 1


if __name__ == "__main__":
    sys.exit(main())
