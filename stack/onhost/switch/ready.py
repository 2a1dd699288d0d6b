"""Waits until the app server takes connections, but not for ever.

    python3 -m switch.ready

Behind a balancer Nginx starts after this, so that nobody is sent here too early.
"""

import sys

from .connection import takes_connections
from .host import RECORD, Host
from .system import wait
from .visitors import bind_now

PATIENCE_SECONDS = 30


def main() -> int:
    """0 when it does, 1 when it was waited for in vain."""
    host = Host.read(RECORD)
    bind = bind_now(host) if host.site_file.is_file() else host.bind
    return 0 if wait(lambda: takes_connections(bind, host.uid), PATIENCE_SECONDS) else 1


if __name__ == "__main__":
    sys.exit(main())
