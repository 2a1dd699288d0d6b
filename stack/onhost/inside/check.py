"""Whether a release is fit to take over, as far as Django can tell before it is started."""

import os
import re
import sys
from pathlib import Path

from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError, ProgrammingError

from .apart import asked_of_others
from .collect import is_collected
from .declared import undone
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

OF_TABLES = re.compile(
    r"no such (table|column)|does(n't| not) exist|unknown (table|column)|migrat"
    r"|OperationalError|ProgrammingError",
    re.IGNORECASE,
)
"""What a project's own check may say of a table that is yet to be made."""


def main() -> None:
    """Leave the release's `.checked`, or end with 1 and say why.

    A check may read tables that a migration has yet to make: where it fails for that alone, it is
    to be asked again after that, and there is no `.checked` until then.
    """
    migrates = os.environ["MIGRATES"]
    problems = [*lost(), *misplaced(), *unserved()]
    if not problems and migrates == "yes":
        problems += filter(None, [unreachable() or emptied()])
    if problems:
        print("\n".join(problems))
        sys.exit(1)
    told = (*undone(), *doubts(migrates == "yes"), *unwritable(), *unopened(), *asked_of_others())
    print(*told, sep="\n", end="\n" if told else "")
    try:
        call_command("check", deploy=True)
    except Exception as error:  # a project's check may raise anything
        if migrates != "yes" or not _may_be_of_tables(error):
            raise
        if not _is_to_be_migrated(unknown=False):
            raise
        print(f"{error}\nMIGRATIONS MAY BE MISSING: this is checked again after them.")
        return
    (Path(os.environ["RELEASE_FOLDER"]) / ".checked").touch()
    is_whole = is_collected() if os.environ["COLLECTS"] == "now" else True
    if is_whole and os.environ["MIGRATES_NOW"] and not _is_to_be_migrated(unknown=True):
        brought_up_to_date(os.environ["MIGRATES_NOW"])


def _may_be_of_tables(error: BaseException | None) -> bool:
    """Whether there is nothing in an error that migrations could not put right."""
    if isinstance(error, SystemCheckError):
        found = run_checks(include_deployment_checks=True)
        serious = [one for one in found if one.is_serious() and not one.is_silenced()]
        return all(OF_TABLES.search(f"{one.msg} {one.hint or ''}") for one in serious)
    while error and not isinstance(error, OperationalError | ProgrammingError):
        error = error.__cause__ or error.__context__
    return error is not None


def _is_to_be_migrated(unknown: bool) -> bool:
    """Whether migrations are pending, or what to take for true where that cannot be told."""
    if has_no_file():
        return True
    found = history()
    return found.is_behind if found else unknown
