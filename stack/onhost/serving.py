"""Tell what a host serves right now, as JSON.

Runs in the folder that holds the package `switch` of a project and `switch.json`, by `python3 -c`.
"""

import json
import os
import shutil
from pathlib import Path

from switch.app_server import workers  # type: ignore[import-not-found]
from switch.health import trouble_at  # type: ignore[import-not-found]
from switch.host import Host  # type: ignore[import-not-found]

host = Host.read(Path("switch.json"))
used = sum(
    entry.stat(follow_symlinks=False).st_blocks * 512
    for folder in ("releases", ".virtualenvs")
    for path, _, names in os.walk(host.home / folder)
    for entry in os.scandir(path)
)
print(
    json.dumps(
        {
            "trouble": trouble_at(host, host.bind),
            "workers": workers(host),
            "used_bytes": used,
            "free_bytes": shutil.disk_usage(host.home).free,
        }
    )
)
