"""A rollout over several hosts, and ways to disturb it."""

import json
import threading
from collections.abc import Sequence
from typing import Any

from tests.e2e.controller import Controller, Run
from tests.e2e.http import release_at, wait_for
from tests.lab import Host

LOG = "cat /var/log/fooproject/releases.log"
RUN_SECONDS = 400


def serve(hosts: Sequence[Host]) -> list[str]:
    """The release that each host serves."""
    return [release_at(host) for host in hosts]


def attempts(host: Host) -> list[dict[str, Any]]:
    """The host's release log: each attempt to put a release live."""
    return [json.loads(line) for line in host.enter(LOG).stdout.splitlines()]


class Running:
    """A run of pyinfra that is under way."""

    def __init__(self, site: Controller, *words: str, lines: Sequence[str] = ()) -> None:
        """Begin to deploy, after these lines of Python at the end of the inventory."""
        self.lines: list[str] = []
        self.process = site.start(*words, lines=lines)
        # Read by a thread of its own, so that a slow reader cannot hold pyinfra up.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait(10)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    def reaches(self, operation: str) -> None:
        """Wait until an operation begins whose name has these words."""
        start = "--> Starting operation: "

        def has_begun() -> bool:
            assert self.process.poll() is None, "".join(self.lines[-40:])
            return any(line.startswith(start) and operation in line for line in list(self.lines))

        wait_for(f"{operation} begins", has_begun, RUN_SECONDS)

    def ends(self) -> Run:
        """Wait for its end."""
        self.process.wait(RUN_SECONDS)
        self._reader.join(10)
        return Run(self.process.returncode, "", "".join(self.lines))


def is_switching(host: Host) -> bool:
    """Whether an understudy has been started on the host and is still there."""
    return host.enter("test -e /var/lib/fooproject-understudy", check=False).returncode == 0


# Ways to break one host, and no other: what is deployed is the same everywhere.


def break_switch(host: Host) -> None:
    """Have every switch on the host fail."""
    host.enter("printf '#!/bin/sh\\nexit 1\\n' > /usr/local/bin/systemd-run")
    host.enter("chmod 755 /usr/local/bin/systemd-run")


MIGRATION = """
from pathlib import Path
from django.db import migrations

def fail_here(apps, schema_editor):
    if Path("/etc/no-migrations").exists():
        raise RuntimeError("not on this host")

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [migrations.RunPython(fail_here, migrations.RunPython.noop)]
"""


def break_migration(host: Host) -> None:
    """Have MIGRATION fail on the host."""
    host.write("/etc/no-migrations", "")


# The health page reads the database.
BREAKER = """
cd /home/fooproject
while sleep 0.1; do
  last=$(tail -n 1 /var/log/fooproject/releases.log)
  case $last in *'"release": "OLD"'*|*'"failed"'*) mode=700 ;; *) mode=000 ;; esac
  if [ -e /var/lib/fooproject-understudy ]; then mode=700; fi
  chmod $mode shared/data
done
"""


def break_after_switch(host: Host) -> None:
    """Have the host be ill whenever another release than today's has switched."""
    host.write("/root/breaker", BREAKER.replace("OLD", release_at(host)))
    host.enter("/usr/bin/systemd-run -q --collect --unit=breaker sh /root/breaker")


def mend(host: Host) -> None:
    """Undo what these have done."""
    host.enter("rm -f /usr/local/bin/systemd-run /etc/no-migrations", check=False)
    host.enter("systemctl stop breaker", check=False)
    host.enter("chmod -f 700 /home/fooproject/shared/data", check=False)
