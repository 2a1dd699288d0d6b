"""Waits until Gunicorn takes connections, or for a while.

    python3 -m switch.ready

Nginx starts after that where a balancer is in front, which sends nobody here before.
"""

import sys
from contextlib import closing
from pathlib import Path

from .health import Connection
from .host import Host, wait
from .visitors import bind_now

PATIENCE_SECONDS = 30


def main() -> int:
    """0 when it does, 1 when it was waited for in vain."""
    host = Host.read(Path(__file__).resolve().parent.parent / "switch.json")
    bind = bind_now(host) if host.site_file.is_file() else host.bind
    return 0 if wait(lambda: _takes_connections(bind), PATIENCE_SECONDS) else 1


def _takes_connections(bind: str) -> bool:
    try:
        with closing(Connection(bind, timeout=1)) as connection:
            connection.connect()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
