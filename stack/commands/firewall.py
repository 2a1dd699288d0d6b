"""The firewall."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import PurePosixPath as Path

from pyinfra.api import StringCommand

from stack.commands.lock import FOLDER, alone_on_host
from stack.host.files import Declared, File
from stack.project.firewall import TABLE_FILE, UNIT
from stack.shell.scripts import as_root, script

BACK_SECONDS = 30
"""After which rules are taken back that nobody has proven to be right."""

TRY = script(__file__, "try_firewall.sh")
TAKE_BACK = script(__file__, "take_back_firewall.sh")
KEEP = script(__file__, "keep_firewall.sh")
REMOVE = script(__file__, "remove_firewall.sh")
PLACE = f"{FOLDER}/firewall"
"""What is tried lies here, and what was there before."""


def try_out(files: Sequence[Declared], seconds: int = BACK_SECONDS) -> StringCommand:
    """Load the rules for a while, with files as they are to be; those on disk stay as they are.

    Args:
        files: what is not in place yet.
        seconds: for how long, unless they are kept.
    """
    folder = Path(TABLE_FILE).parent
    ours = [one for one in files if isinstance(one, File) and folder in Path(one.path).parents]
    names = [str(Path(one.path).relative_to(folder)) for one in ours]
    texts = "".join(f"{b64encode(one.content.encode()).decode()}\n" for one in ours)
    words = (PLACE, str(folder), UNIT, str(seconds))
    return alone_on_host(as_root(TRY, *words, *names, stdin=texts or None))


def take_back(line: str) -> StringCommand:
    """Have the rules of before, and fail with a line for the person at the terminal."""
    return alone_on_host(as_root(TAKE_BACK, PLACE, UNIT, line))


def keep() -> StringCommand:
    """Have the rules of the files, which are in place, now and after a boot."""
    return alone_on_host(as_root(KEEP, UNIT))


def remove(paths: Sequence[str]) -> StringCommand:
    """Have no rules of ours, and none of these files."""
    return alone_on_host(as_root(REMOVE, UNIT, str(Path(TABLE_FILE).parent), *paths))
