"""Whether visitors would find a database that is empty, where the live release has another."""

import json
import os
import subprocess
from pathlib import Path

from django.db import connection

from .history import history
from .identity import NAMES, identity, shared, told
from .sqlite import has_no_file, sqlite_path

SECONDS = 60
TELL = """
import json
from django.db import connection
its = connection.settings_dict
print("DATABASE", json.dumps([connection.vendor, *(str(its.get(one) or "") for one in {names!r})]))
"""


def emptied() -> str:
    """What to say of it; an empty string where nothing is lost by it."""
    live = Path.home() / os.environ["USER"]
    if os.environ["NEW_DATABASE"] or not live.exists() or _goes_anyway() or not _is_new():
        return ""
    here, there = identity(connection.vendor, connection.settings_dict), _of_live(live)
    if there is None or there == here:
        return ""
    return (
        f"The database {told(here)} has never been migrated, and the live "
        f"release has another, {told(there)}: visitors would find an empty site. To deploy "
        "anyway, add --data new_database=True; docs/database.md says how to move the data."
    )


def _goes_anyway() -> bool:
    """Whether it lasts no longer than this process, or release: each begins with an empty one."""
    if connection.vendor != "sqlite":
        return False
    path = sqlite_path(str(connection.settings_dict["NAME"]))
    release = Path(os.environ["RELEASE_FOLDER"]).resolve()
    return not path or release in Path(path).resolve().parents


def _is_new() -> bool:
    """Whether none of the project's migrations was ever applied to it."""
    if has_no_file():
        return True
    found = history()
    return found is not None and found.is_new


def _of_live(live: Path) -> list[str] | None:
    """The live release's; None where it does not tell."""
    python = [str(live / "with-env"), "python", "-c", os.environ["IN_DJANGO"]]
    command = [*python, TELL.format(names=NAMES)]
    # Not with this release's variables, of which it may have none.
    own = {name: os.environ[name] for name in ("HOME", "USER", "PATH") if name in os.environ}
    try:
        said = subprocess.run(
            command, cwd=live / "src", capture_output=True, timeout=SECONDS, env=own
        ).stdout
        [line] = [one for one in said.splitlines() if one.startswith(b"DATABASE ")]
        return shared(json.loads(line.removeprefix(b"DATABASE ")))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
