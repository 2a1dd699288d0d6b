"""Migrates the database, and writes a dump of it before: all in one start of Django."""

import io
import os
import runpy
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from .anew import written_anew
from .doubts import unwritten
from .history import History, history


def main() -> None:
    """Apply what is to be applied; its lines are those of `migrate`."""
    if os.environ["SEVERAL_HOSTS"] and connection.vendor == "sqlite":
        sys.exit('Every host has a SQLite database of its own: set migrate = "each".')
    if problem := written_anew():
        sys.exit(problem)
    # Where it cannot be told, `migrate` itself tells why.
    found = history() or History(is_new=False, is_behind=True)
    if found.is_new:
        Path(os.environ["FIRST"]).touch()
    if found.is_behind and "DUMP_TO" in os.environ:
        runpy.run_path(os.environ["DUMP_BY"])
    is_checked = (Path(os.environ["RELEASE_FOLDER"]) / ".checked").exists()
    # A check that failed for want of the migrations would keep them from being applied.
    call_command("migrate", interactive=False, no_color=True, skip_checks=not is_checked)


def brought_up_to_date(run: str) -> None:
    """Have `migrate` do all but migrations, of which there are none to apply, and leave the mark.

    What goes wrong is nobody's concern yet: it is tried again by itself, and told then.

    Args:
        run: for which the mark holds. Before another, somebody may change the database.
    """
    said = io.StringIO()
    with suppress(Exception, SystemExit):
        with redirect_stdout(said):
            call_command("migrate", interactive=False, skip_checks=True, no_color=True)
        if line := unwritten(said.getvalue()):
            print(line)
        (Path(os.environ["RELEASE_FOLDER"]) / ".migrated-in").write_text(run)
