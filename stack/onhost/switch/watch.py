"""Asks for the health page again and again, as a visitor would: through this host's own Nginx.

    python3 -m switch.watch SECONDS

Ends with 1, and says why, at the first answer that is not right.
"""

import sys
import time

from . import own_lines
from .health import NGINX, status_at, trouble_at
from .host import RECORD, Host
from .visitors import bind_now, has_visitors

PAUSE_SECONDS = 0.5
FORBIDDEN = 403


def main(seconds: float) -> int:
    """Ask once at least; 0 when every answer was right."""
    host = Host.read(RECORD)
    # A host's first release goes live before Nginx knows the site.
    where = NGINX if has_visitors(host) else host.bind
    until = time.monotonic() + seconds
    while True:
        trouble = trouble_at(host, where)
        if trouble and where == NGINX and _is_kept_out(host, status_at(host, NGINX)):
            # That says nothing of the release.
            trouble = trouble_at(host, bind_now(host))
        if trouble:
            print(trouble)
            return 1
        if time.monotonic() >= until:
            return 0
        time.sleep(PAUSE_SECONDS)


def _is_kept_out(host: Host, status: int) -> bool:
    """Whether Nginx may answer so in place of the site. Addresses may be shut out of all sites."""
    return status == FORBIDDEN or own_lines.may_answer(host, status)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
