"""Building a release beside what is live: its code, environment, virtualenv, static files."""

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack import onhost
from stack.onhost import inside, switch
from stack.project.hashed_names import COMPRESSED
from stack.project.target import Target
from stack.shell.account import as_user
from stack.shell.printing import telling
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
    "take.sh",
    "last_lines.sh",
    "manifests.sh",
    "unbuilt.sh",
    "gone_module.sh",
    "hint.sh",
)
LINK = script(switch.__file__, "link.sh")
HINTS = ("missing_variable.sh", "gone_module.sh", "missing_folder.sh")
CHECK = script(__file__, "check.sh", "last_lines.sh", *HINTS)
CHECKING = (
    *("reach", "lasting", "static", "media", "collect", "anew", "migrating", "emptied", "check"),
)
"""What looks at a release from inside, in the order in which they import each other."""
COLLECT_STATIC = script(
    __file__, "collect_static.sh", "last_lines.sh", "manifests.sh", "run_commands.sh"
)


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
    return as_user(target.layout, UNPACK, *words, stdin=lines_of(sent))


def write_scripts(place: Placement) -> Iterator[StringCommand]:
    """Write the files of the setting, then `manage` and `with-env`, for the user alone.

    In this order: where those two are as declared, so are the files, and the mark of what runs it.
    """
    src = str(place.folder / "src")
    for path, text in place.release.files.items():
        yield as_user(place.target.layout, WRITE_FILE, src, path, stdin=line_of(text.encode()))
    if mark := mark_of(place.target.settings.server):
        yield as_user(
            place.target.layout, WRITE_SCRIPT, str(place.folder / mark), stdin=line_of(b"")
        )
    for name, text in (("manage", place.manage), ("with-env", place.with_env)):
        path = str(place.folder / name)
        yield as_user(place.target.layout, WRITE_SCRIPT, path, stdin=line_of(text.encode()))


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
            for text in (_variables(place), requirements.added, requirements.text)
        ),
    )


def _variables(place: Placement) -> str:
    """What pip is to put in for ${NAME} in the requirements, as lines of shell."""
    known = {**os.environ, **place.release.environment}
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
        yield as_user(place.target.layout, LINK, target, link)


def check(
    place: Placement, *, again: bool = False, migrates_in: str = "", new_database: bool = False
) -> StringCommand:
    """Have Django check the release with its environment, as fit for production.

    What would go with the release, such as a SQLite database in it, ends the release too.

    Args:
        again: the migrations have been applied. Before that, a check that fails while there are
            some to apply ends nothing: it leaves no `.checked`, so that it is made again.
        migrates_in: the run in which Django is also to migrate the database, should there be no
            migration to apply: that saves another start of it. Not where the project's commands
            may have made some by then.
        new_database: a person has said that an empty one may take the live one's place.
    """
    target = place.target
    migrates = "no" if target.settings.migrate == "off" else "yes"
    words = [
        str(place.folder),
        inside.code(*CHECKING),
        "again" if again else migrates,
        json.dumps(target.settings.outliving),
        " ".join(target.settings.env),
        target.settings.static_url,
        target.settings.media_root,
        target.settings.media_url,
        "yes" if target.settings.collectstatic and not (again or _before_static(target)) else "",
        "" if _before_static(target) or _after_static(target) else migrates_in,
        "yes" if new_database else "",
    ]
    return telling(as_user(target.layout, CHECK, *words))


def collect_static(place: Placement) -> StringCommand:
    """Collect the static files, which makes the release whole."""
    wanted = str(place.target.settings.collectstatic)
    command = as_user(
        place.target.layout,
        COLLECT_STATIC,
        str(place.folder),
        wanted,
        onhost.script("times"),
        onhost.script("compress"),
        COMPRESSED,
        inside.code("static", "collect"),
        "\n".join(_before_static(place.target)),
        "\n".join(_after_static(place.target)),
    )
    return telling(command)


def _before_static(target: Target) -> Sequence[str]:
    return target.settings.commands.get("before_static", ())


def _after_static(target: Target) -> Sequence[str]:
    return target.settings.commands.get("after_static", ())
