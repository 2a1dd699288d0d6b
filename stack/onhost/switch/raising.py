"""Why a page fails that does not say so itself: found out in a process of the release."""

import json
from pathlib import Path

from .host import Host
from .system import run

SECONDS = 20
"""How long that may take."""
# Django's own test client raises what the page raised.
ASK = """
import json, os, traceback
from django.test import Client
try:
    Client().get(os.environ["ASKED_PATH"], follow=True, HTTP_HOST=os.environ["ASKED_HOST"])
except Exception as error:
    said = "".join(traceback.format_exception_only(type(error), error)).splitlines()
    lines = traceback.format_exc().splitlines()
    # Some have half a page of HTML to say at the end.
    print(*lines[: len(lines) - max(0, len(said) - 5)], sep="\\n")
    for sign, hint in json.loads(os.environ["HINTS"]).items():
        if any(sign in line for line in said):
            print(hint)
"""
IN_DJANGO = Path(__file__).with_name("in_django.sh").read_text()
HINTS = {
    "staticfiles manifest entry": "collectstatic has not found that file. Where the collected "
    "files are committed, set collectstatic = False; where npm or the like makes it, set "
    'build = ["npm ci", "npm run build"].',
    "OfflineGenerationError": "django-compressor needs its files before that: set "
    'commands = {"after_static": ["manage.py compress"]}.',
}
"""What to write, by a part of what a page raises."""


def tell(host: Host, folder: Path, unit: str, log: Path) -> None:
    """Have a release write to a log what its health page raises, if it raises anything.

    Args:
        folder: the release's.
        unit: of systemd's, to be made for it.
    """
    properties = {
        "User": host.user,
        "WorkingDirectory": str(folder / "src"),
        "StandardOutput": f"append:{log}",
        "StandardError": f"append:{log}",
        "RuntimeMaxSec": str(SECONDS),
        "OOMScoreAdjust": "1000",
    }
    options = [f"--property={name}={value}" for name, value in properties.items()]
    options += [
        f"--setenv=ASKED_PATH={host.health_path}",
        f"--setenv=ASKED_HOST={host.health_host}",
        f"--setenv=HINTS={json.dumps(HINTS)}",
    ]
    command = ["sh", "-euc", f'{IN_DJANGO}in_django "$1" "$2"', "sh", str(folder), ASK]
    run("systemd-run", "--quiet", "--wait", "--collect", f"--unit={unit}", *options, *command)
