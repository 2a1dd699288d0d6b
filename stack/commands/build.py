"""Building a release beside what is live: its code, environment and virtualenv."""

import os
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack import onhost
from stack.onhost import switch
from stack.shell.account import MOMENT, as_user
from stack.shell.scripts import script
from stack.shell.stdin import line_of, lines_of
from stack.source import Spool
from stack.state.history import mark_of
from stack.state.placement import Placement

UNPACK = script(__file__, "unpack.sh", "take.sh")
WRITE_FILE = script(__file__, "write_file.sh", "take.sh")
WRITE_SCRIPT = script(__file__, "write_script.sh", "take.sh")
BUILD_VIRTUALENV = script(
    __file__,
    "build_virtualenv.sh",
    "still_live.sh",
    "take.sh",
    "last_lines.sh",
    "manifests.sh",
    "unbuilt.sh",
    "gone_module.sh",
    "hint.sh",
)
SLOWEST = 20_000
"""Bytes a second, by which an archive comes to a host."""
LINK = script(switch.__file__, "link.sh")


def unpack(place: Placement) -> StringCommand:
    """Unpack the archive into the release's folder, and link what is shared into it.

    A shared path that its host does not have yet starts with what the source has there, else as
    an empty folder; a name with a suffix is taken for a file, which the project itself makes.
    """
    return _unpack(place, place.release.source.compressed())


def unpack_delta(place: Placement, delta: Spool, base: PurePosixPath) -> StringCommand:
    """The same, of what is new and of files that are on the host; else nothing is left of it.

    Args:
        base: the folder below which those files are.
    """
    return _unpack(place, delta, str(base), onhost.script("rebuild"))


def _unpack(place: Placement, sent: Spool, base: str = "", rebuild: str = "") -> StringCommand:
    target = place.target
    source = PurePosixPath("source") / target.settings.src
    folders = [str(place.folder), str(source), str(target.layout.shared)]
    words = [*folders, base, rebuild, *target.settings.outliving]
    seconds = MOMENT + sent.size // SLOWEST
    return as_user(target.layout, UNPACK, *words, seconds=seconds, stdin=lines_of(sent))


def write_scripts(place: Placement) -> Iterator[StringCommand]:
    """Write the files of the setting, then `manage` and `with-env`, for the user alone.

    In this order: where those two are as declared, so are the files, and the mark of what runs it.
    """
    src = str(place.folder / "src")
    for path, text in place.release.files.items():
        yield _written(place, WRITE_FILE, src, path, text=text)
    if mark := mark_of(place.target.settings.server):
        yield _written(place, WRITE_SCRIPT, str(place.folder / mark), text="")
    for name, text in (("manage", place.manage), ("with-env", place.with_env)):
        yield _written(place, WRITE_SCRIPT, str(place.folder / name), text=text)


def _written(place: Placement, script: str, *words: str, text: str) -> StringCommand:
    stdin = line_of(text.encode())
    return as_user(place.target.layout, script, *words, seconds=MOMENT, stdin=stdin)


def build_virtualenv(place: Placement) -> StringCommand:
    """Build the virtualenv in its own folder, where it counts once `.built` is in it."""
    target, requirements = place.target, place.release.requirements
    return as_user(
        target.layout,
        BUILD_VIRTUALENV,
        str(place.virtualenv),
        place.release.interpreter.command,
        "venv" if place.release.interpreter.version else "virtualenv",
        target.layout.user,
        str((place.folder / "source" / requirements.path).parent),
        onhost.script("masking"),
        "yes" if requirements.is_lock else "",
        *requirements.variables,
        stdin="".join(
            line_of(text.encode())
            for text in (
                _variables(place),
                requirements.added,
                requirements.unhashed,
                requirements.text,
            )
        ),
    )


def _variables(place: Placement) -> str:
    """What pip is to put in for ${NAME} in the requirements, as lines of shell."""
    own = [name for name in place.target.settings.build_env if name in os.environ]
    known = {name: os.environ[name] for name in own} | place.release.environment
    return "".join(
        f"export {name}={shlex.quote(known[name])}\n"
        for name in place.release.requirements.variables
        if name in known
    )


def link_virtualenv(place: Placement) -> Iterator[StringCommand]:
    """The release leads to its virtualenv."""
    target, link = f"../../.virtualenvs/{place.virtualenv.name}", str(place.folder / "virtualenv")
    there = place.seen.entries.get(link)
    if there is None or (there.kind, there.target) != ("link", target):
        yield as_user(place.target.layout, LINK, target, link, seconds=MOMENT)
