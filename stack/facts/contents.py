"""What is in the home of a project that leaves the host."""

import re
from dataclasses import dataclass

from pyinfra.api import FactBase, StringCommand

from stack.facts.home_parsing import MOST_RECORDS
from stack.project.layout import FOLDERS, Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

TELL_CONTENTS = script(__file__, "contents.sh")
SECONDS = 60

BELOW = re.compile(r"(releases|\.virtualenvs)/(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")
CACHES = (".cache/pip", ".local/share/virtualenv")


@dataclass(frozen=True)
class Contents:
    """Paths from the home."""

    going: tuple[str, ...] = ()
    """What deployments have put there."""
    emptied: tuple[str, ...] = ()
    """Folders in which nothing else is."""
    thinned: tuple[str, ...] = ()
    """Releases of which only the dumps stay."""
    staying: tuple[str, ...] = ()
    """What must stay."""
    is_whole: bool = False
    """Whether it was read to its end: what is not told else is there all the same."""


class HomeContents(FactBase[Contents]):
    """Read as the user, who may say anything: so what goes is of names that we give ourselves."""

    def command(self, layout: Layout) -> StringCommand:
        """Build the command."""
        self.names = {
            *(f"{name}{end}" for name in (layout.user, "logs") for end in ("", ".new")),
            ".first-migration",
            ".gunicorn",
            *CACHES,
        }
        return told_by_user(layout, SECONDS, TELL_CONTENTS, str(layout.home), layout.user)

    def process(self, output: list[str]) -> Contents:
        """Read the lines."""
        # He may tell one path a million times, and whatever asks for it would go through them all.
        found: dict[str, dict[str, None]] = {}
        for line in output[:MOST_RECORDS]:
            kind, _, path = line.partition(" ")
            found.setdefault(kind, {})[path] = None
        return Contents(
            tuple(p for p in found.get("o", ()) if p in self.names or BELOW.fullmatch(p)),
            tuple(p for p in found.get("e", ()) if p in FOLDERS),
            tuple(p for p in found.get("d", ()) if BELOW.fullmatch(p)),
            tuple(found.get("s", ())),
            output[-1:] == ["end"] and len(output) <= MOST_RECORDS,
        )
