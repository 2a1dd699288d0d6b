"""Asks the app server whether Django knows the name that Nginx is to serve.

    python3 -m switch.known

Ends with 1, and says so, when it does not: nobody would get a page, though all else is well.
"""

import sys

from .health import status_at
from .host import RECORD, Host

BAD_REQUEST = 400


def main() -> int:
    """0 when it does, or when there is no telling."""
    host = Host.read(RECORD)
    if status_at(host, host.bind) != BAD_REQUEST:
        return 0
    who = f"a visitor of {host.health_host}"
    print(f"Django answers {BAD_REQUEST} to {who}: put it in ALLOWED_HOSTS")
    return 1


if __name__ == "__main__":
    sys.exit(main())
