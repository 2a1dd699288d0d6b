"""The project on this host."""

import grp
import json
import os
import pwd
from pathlib import Path
from typing import Any

from .limited import TooLongError, run_limited
from .system import SwitchError

RECORD = Path(__file__).resolve().parent.parent / "switch.json"
"""What is known of the project: as what is live runs, and answers."""
STEP_SECONDS = 600
"""How long a step as the project's user may take: there may be many static files to link."""
NAMES = {"gunicorn": "Gunicorn", "uwsgi": "uWSGI"}
"""Of app servers, by the first word of their commands."""


class Host:
    """The project's names and places on this host."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.user: str = values["user"]
        self.program: str = values["program"]
        self.program_file = Path(values["program_file"])
        self.site_file = Path(values["site_file"])
        self.bind: str = values["bind"]
        self.command: list[str] = values["command"]
        """The app server's words, with {bind}, {socket} and {pid_file} to be put in."""
        self.server = NAMES.get(self.command[0], self.command[0])
        """Its name, for a person."""
        self.timeout: int = values["timeout_seconds"]
        self.holds_connections: bool = values["holds_connections"]
        """Whether visitors keep theirs open for longer than any request takes."""
        self.health_path: str = values["health_path"]
        self.health_host: str = values["health_host"]
        self.https: bool = values["https"]
        """Whether visitors may come by https."""
        self.logs = Path(values["logs"])
        self.log = self.logs / values["log"]
        """That of the app server."""
        account = pwd.getpwnam(self.user)
        self.uid, self.gid = account.pw_uid, account.pw_gid
        self.groups = [group.gr_gid for group in grp.getgrall() if self.user in group.gr_mem]
        self.home = Path(account.pw_dir)
        self.live = self.home / self.user
        self.upstream_file = Path(f"/etc/nginx/conf.d/{self.user}-understudy.conf")
        self.sockets = Path(f"/var/lib/{self.user}-understudy")
        self.removed = self.sockets.with_name(f"{self.sockets.name}.gone")
        """For what was there, while that is being removed: no user's name has a dot."""

    @classmethod
    def read(cls, path: Path) -> "Host":
        return cls(json.loads(path.read_text()))

    def release(self) -> str:
        """The release that ~/PROJECT leads to, or an empty string."""
        return os.path.basename(os.readlink(self.live)) if self.live.is_symlink() else ""

    def sh(self, script: str, *words: str) -> None:
        """Run a shell script as the project's user: root writes nothing in his home."""
        try:
            code, said = run_limited(
                ["/bin/sh", "-euc", script, "sh", *words],
                STEP_SECONDS,
                cwd="/",
                env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                user=self.uid,
                group=self.gid,
                extra_groups=self.groups,
            )
        except TooLongError as error:
            raise SwitchError(f"{self.user}'s files cannot be changed: {error}") from None
        if code:
            raise SwitchError(f"{self.user}'s files cannot be changed: {said.strip()}")
