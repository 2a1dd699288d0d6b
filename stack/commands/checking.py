"""What Django itself does to a release before it goes live: its check, its static files."""

import json
from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack import onhost
from stack.onhost import inside
from stack.project.hashed_names import COMPRESSED
from stack.project.target import Target
from stack.shell.account import as_user
from stack.shell.printing import telling
from stack.shell.scripts import script
from stack.state.placement import Placement

HINTS = ("missing_variable.sh", "gone_module.sh", "missing_package.sh", "missing_folder.sh")
WRITING = ("manifests.sh", "by_django.sh")
CHECK = script(
    __file__, "check.sh", "still_live.sh", "in_django.sh", "last_lines.sh", *WRITING, *HINTS
)
CHECKING = (
    *("sqlite", "reach", "storing", "lasting", "static", "media", "apart", "collect"),
    *("history", "anew", "doubts", "declared", "migrating", "identity", "emptied", "check"),
)
"""What looks at a release from inside, in the order in which they import each other."""
COLLECT_STATIC = script(
    __file__,
    "collect_static.sh",
    "still_live.sh",
    "in_django.sh",
    "last_lines.sh",
    "run_commands.sh",
    *WRITING,
)


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
        _collects(target, again=again),
        "" if _before_static(target) or _after_static(target) else migrates_in,
        "yes" if new_database else "",
        " ".join(target.names),
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


def _collects(target: Target, *, again: bool) -> str:
    """When the static files are collected: in the start of Django that checks, or after it."""
    if not target.settings.collectstatic:
        return "never"
    return "later" if again or _before_static(target) else "now"


def _before_static(target: Target) -> Sequence[str]:
    return target.settings.commands.get("before_static", ())


def _after_static(target: Target) -> Sequence[str]:
    return target.settings.commands.get("after_static", ())
