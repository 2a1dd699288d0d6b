"""Whether a release is fit to take over, as far as Django can tell before it is started."""

import os
import sys
from pathlib import Path

from django.core.management import call_command

from .apart import asked_of_others
from .collect import is_collected
from .doubts import doubts
from .emptied import emptied
from .history import history
from .lasting import lost, unwritable
from .media import unserved
from .migrating import brought_up_to_date
from .reach import unreachable
from .sqlite import has_no_file
from .static import misplaced
from .storing import unopened


def main() -> None:
    """Leave the release's `.checked`, or end with 1 and say why.

    A check may read tables that a migration has yet to make: then it is to be asked again after
    that, and there is no `.checked` until then.
    """
    migrates = os.environ["MIGRATES"]
    problems = [*lost(), *misplaced(), *unserved()]
    if not problems and migrates == "yes":
        problems += filter(None, [unreachable() or emptied()])
    if problems:
        print("\n".join(problems))
        sys.exit(1)
    for doubt in (*doubts(migrates == "yes"), *unwritable(), *unopened(), *asked_of_others()):
        print(doubt)
    try:
        call_command("check", deploy=True)
    except Exception as error:  # a project's check may raise anything
        if migrates != "yes" or not _is_to_be_migrated(unknown=False):
            raise
        print(f"{error}\nMIGRATIONS MAY BE MISSING: this is checked again after them.")
        return
    (Path(os.environ["RELEASE_FOLDER"]) / ".checked").touch()
    is_whole = is_collected() if os.environ["COLLECTS"] == "now" else True
    if is_whole and os.environ["MIGRATES_NOW"] and not _is_to_be_migrated(unknown=True):
        brought_up_to_date(os.environ["MIGRATES_NOW"])


def _is_to_be_migrated(unknown: bool) -> bool:
    """Whether migrations are pending, or what to take for true where that cannot be told."""
    if has_no_file():
        return True
    found = history()
    return found.is_behind if found else unknown
