"""Whether a site is closed on a host of which nothing else matters just then."""

from pyinfra.api import FactBase, StringCommand

from stack.project.layout import Layout
from stack.project.nginx_files import SITES_ENABLED
from stack.shell.scripts import as_root, script

TELL_WORD = script(__file__, "site_word.sh")
CLOSED, OPEN, UNTOLD, NEW = WORDS = ("closed", "open", "untold", "new")
"""Told by maintenance.py, twice; never told, where visitors come; and where none came so far."""


class SiteWord(FactBase[str]):
    """One of WORDS; empty where the host has not told.

    Changes nothing. It is for a plan that needs it of other hosts: most do not.
    """

    def command(self, layout: Layout, path: str, text: str, asks: str) -> StringCommand:
        """Build the command.

        Args:
            layout: the project's.
            path: of the file that maintenance.py writes.
            text: what is in it while the site is open.
            asks: what a site that reads it has in its text.
        """
        return as_root(TELL_WORD, path, text, asks, SITES_ENABLED, str(layout.nginx_drop_in))

    def process(self, output: list[str]) -> str:
        """Take the word."""
        told = "".join(output).strip()
        return told if told in WORDS else ""
