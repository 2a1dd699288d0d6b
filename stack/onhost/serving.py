"""Tell what a host serves right now, as JSON.

Runs in the folder that holds the package `switch` of a project and `switch.json`, by `python3 -c`.
"""

import json
import shutil
from pathlib import Path

from switch.health import trouble_at  # type: ignore[import-not-found]
from switch.host import Host  # type: ignore[import-not-found]
from switch.limited import TooLongError, run_limited  # type: ignore[import-not-found]
from switch.supervisor import pid  # type: ignore[import-not-found]

try:
    from switch.reached import unreached  # type: ignore[import-not-found]
except ImportError:  # what an earlier version has put there

    def unreached(_: object) -> list[str]:
        """Nobody can tell."""
        return []


SECONDS = 20

host = Host.read(Path("switch.json"))


def used_bytes() -> int | None:
    """Of the releases and virtualenvs, on disk; as their user, who may put anything there."""
    du = ["/usr/bin/du", "-skc", "-x", "--", "releases", ".virtualenvs"]
    account = {"user": host.uid, "group": host.gid, "extra_groups": host.groups}
    try:
        _, said = run_limited(du, SECONDS, cwd=host.home, env={"LC_ALL": "C"}, **account)
        return int(said.splitlines()[-1].removesuffix("total")) * 1024
    except (TooLongError, OSError, ValueError, IndexError):
        return None


print(
    json.dumps(
        {
            "trouble": trouble_at(host, host.bind),
            "supervisor_answers": pid() != 0,
            "unreached": unreached(host),
            "used_bytes": used_bytes(),
            "free_bytes": shutil.disk_usage(host.home).free,
        }
    )
)
