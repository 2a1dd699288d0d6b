"""Gunicorn's workers: a site is up with its first one, and others may import it for a while yet."""

from tests.e2e.http import get, wait_for
from tests.lab import Host

STARTING = r"""
for pid in $(pgrep -x gunicorn); do
  [ "$(cat "/proc/$(ps -o ppid= -p "$pid" | tr -d ' ')/comm")" != gunicorn ] || continue
  wanted=$(tr '\0' ' ' <"/proc/$pid/cmdline" | sed -n 's/.* -w \([0-9]*\) .*/\1/p')
  [ "$(pgrep -c -P "$pid")" -ge "${wanted:-1}" ] || echo "$pid"
  for worker in $(pgrep -P "$pid"); do
    # What the kernel has it wait for: a visitor, and not a file that it imports.
    case $(cat "/proc/$worker/wchan") in *poll*|*select*) ;; *) echo "$worker" ;; esac
  done
done 2>/dev/null
"""
"""Main processes of Gunicorn's that lack workers, and workers that wait for no visitor yet."""


def wait_for_workers(host: Host) -> None:
    """Wait until all workers of all sites that Gunicorn runs there wait for visitors.

    One whose Gunicorn was killed looks for it twice in its timeout, and is one without workers
    until then.
    """
    wait_for("all workers are there", lambda: not host.enter(STARTING).stdout, 60)


def wait_for_site(host: Host) -> None:
    """Wait until the site of a host that was started is up, with all its workers.

    It answers before it has them, and also by workers of a Gunicorn that is gone, each of which
    leaves once it has answered.
    """

    def answers() -> bool:
        return get(host, "/health").status == 200

    def is_whole() -> bool:
        return answers() and not host.enter(STARTING).stdout and answers()

    wait_for("the site is up", is_whole, 60)
