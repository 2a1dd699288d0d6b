"""The firewall."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath as Path

from pyinfra.api import StringCommand

from stack.commands.lock import FOLDER, alone_on_host, where_nobody_asks
from stack.host.files import Declared, File
from stack.project.firewall import TABLE_FILE, UNIT
from stack.project.layout import Layout
from stack.shell.scripts import as_root, script

BACK_SECONDS = 30
"""After which rules are taken back that nobody has proven to be right."""

TRY = script(__file__, "try_firewall.sh", "is_as_seen.sh")
STAND_IN = script(__file__, "stand_in.sh", "is_as_seen.sh")
TAKE_BACK = script(__file__, "take_back_firewall.sh")
KEEP = script(__file__, "keep_firewall.sh")
REMOVE = script(__file__, "remove_firewall.sh")
PLACE = f"{FOLDER}/firewall"
"""What is tried lies here, and what was there before."""
ANY = "any"
"""In the place of a SHA-256: whatever is there is replaced."""

StandIns = Sequence[tuple[File, str]]
"""Files, each with the SHA-256 of what it may replace; empty where it may replace nothing."""


def try_out(
    files: Sequence[Declared], stand_ins: StandIns = (), seconds: int = BACK_SECONDS
) -> StringCommand:
    """Load the rules for a while, with files as they are to be; those on disk stay as they are.

    Args:
        files: what is not in place yet.
        stand_ins: those of other projects.
        seconds: for how long, unless they are kept.
    """
    folder = Path(TABLE_FILE).parent
    ours = [one for one in files if isinstance(one, File) and folder in Path(one.path).parents]
    which = [*((one, ANY) for one in ours), *stand_ins]
    names = [
        word for one, seen in which for word in (f"{Path(one.path).relative_to(folder)}", seen)
    ]
    words = (PLACE, str(folder), UNIT, str(seconds))
    texts = _texts([one for one, _ in which])
    return alone_on_host(as_root(TRY, *words, *names, stdin=texts or None))


def stand_in(files: StandIns) -> StringCommand:
    """Put rules in place for other projects that have none of their own yet."""
    words = [word for file, seen in files for word in (file.path, seen)]
    return alone_on_host(as_root(STAND_IN, *words, stdin=_texts([file for file, _ in files])))


def _texts(files: Iterable[File]) -> str:
    return "".join(f"{b64encode(one.content.encode()).decode()}\n" for one in files)


def take_back(line: str) -> StringCommand:
    """Have the rules of before, and fail with a line for the person at the terminal."""
    return alone_on_host(as_root(TAKE_BACK, PLACE, UNIT, line))


def keep(paths: Sequence[str]) -> StringCommand:
    """Have the rules of the files, which are in place, now and after a boot.

    Args:
        paths: those of files that were put there for it; they go where it has been taken away.
    """
    return alone_on_host(as_root(KEEP, UNIT, str(Path(TABLE_FILE).parent), *paths))


def remove(layout: Layout, paths: Sequence[str]) -> StringCommand:
    """Have no rules of ours, and none of these files, unless another project asks for them."""
    removing = as_root(REMOVE, UNIT, str(Path(TABLE_FILE).parent), *paths)
    return where_nobody_asks('"firewall": true', layout, removing)
