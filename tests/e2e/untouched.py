"""Proof that something only looked at a host: nothing was written, no process came or went."""

import re
import subprocess
from types import TracebackType
from typing import Self

from tests.e2e.workers import wait_for_workers
from tests.lab import Host

OF_A_LOGIN = re.compile(
    # sshd and PAM keep records of who came in, and journald and rsyslog write them down.
    r"/var/log/(journal|wtmp|lastlog|btmp|syslog|auth\.log)(/.*)?"
    r"|/run/(systemd|user|utmp|motd.*|agetty.*|log|sshd|lock|udev|sudo)(/.*)?"
    # Gunicorn logs what its workers answer and opens its control socket when it likes, and a
    # database that is open for reading has files of its own.
    r"|/var/log/(fooproject|nginx|supervisor)(/.*)?|/home/fooproject/shared(/.*)?"
    r"|/home/fooproject(/\.gunicorn(/.*)?)?"
    # Whoever asks a PostgreSQL something has it renew files of its own.
    r"|/(var/lib|var/log|run)/postgresql(/.*)?"
    # The folders that the above stand in.
    r"|/|/run|/run/lock|/var/log|/tmp|/dev/shm"
)
"""What any connection over SSH leaves behind, and what a site writes that is being visited."""

PROCESSES = r"""
for name in nginx gunicorn supervisord; do
  for pid in $(pgrep -x "$name"); do
    echo "$pid $(cut -d" " -f22 "/proc/$pid/stat") $name"
  done
done 2>/dev/null
"""


class Untouched:
    """Compares a host before and after the block.

    Raises:
        AssertionError: the host was touched, at the end of the block.
    """

    def __init__(self, host: Host, restless: bool = False) -> None:
        """`restless`: processes of Gunicorn's come and go by themselves."""
        self.host = host
        self.restless = restless

    def __enter__(self) -> Self:
        if not self.restless:
            wait_for_workers(self.host)
        self._processes = self._look()
        self._started = self.host.enter("date +%s.%N").stdout.strip()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            written, processes = self.written(), self._look()
            assert not written, f"written: {written}"
            assert processes == self._processes, f"{self._processes} => {processes}"

    def written(self) -> list[str]:
        """Every path whose inode changed since the block began, but for OF_A_LOGIN."""
        root, since = str(self.host.root), f"@{self._started}"
        disk = subprocess.run(
            ["find", root, "-xdev", "-newerct", since, "-printf", "/%P\n"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        # Their content is in memory, out of sight from outside.
        memory = self.host.enter(f"find /run /tmp /dev/shm -xdev -newerct {since}").stdout
        return [path for path in (disk + memory).splitlines() if not OF_A_LOGIN.fullmatch(path)]

    def _look(self) -> list[str]:
        lines = self.host.enter(PROCESSES).stdout.splitlines()
        return sorted(line for line in lines if not (self.restless and "gunicorn" in line))
