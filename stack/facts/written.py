"""What was written into releases since they were built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pyinfra import host
from pyinfra.api import FactBase, StringCommand

from stack.host.printable import printable
from stack.project.layout import Layout
from stack.shell.account import told_by_user
from stack.shell.scripts import script

TELL_WRITTEN = script(__file__, "written.sh", "manifests.sh")
SECONDS = 60
MOST_LINES = 50_000
"""Of a release, a thousand are told at most."""
DEEPEST = 128
"""How many folders a path may lead through: each of them is asked about."""


@dataclass(frozen=True)
class Written:
    """What a release holds that its building did not put there; paths from the release's folder."""

    files: tuple[str, ...] = ()
    folders: frozenset[str] = frozenset()
    shared: tuple[str, ...] = ()
    """Paths of the setting `shared` that are not links yet, were changed, and hold any file."""


Found = Mapping[str, Written | None]
"""By releases' folders; None where it was not read to its end."""


@dataclass(frozen=True)
class Asked:
    """What is to be told."""

    layout: Layout
    folders: Sequence[PurePosixPath]
    """The releases'."""
    shared: Sequence[str] = ()
    """Paths relative to `src` that the next release has links in place of."""

    def __str__(self) -> str:
        """Short, since pyinfra prints it when a host cannot be read."""
        return f"{len(self.folders)} of {self.layout.user}"


def written_into(asked: Asked) -> Found | None:
    """What was written into releases of the current host; None where it says nothing.

    There may be more of them than a command line holds.
    """
    lines = [*map(str, asked.folders)]
    found: Found | None = host.get_fact(WrittenFiles, asked=asked, _stdin=lines)
    return found


class WrittenFiles(FactBase[Found | None]):
    """What was written into releases, where a host says anything; `written_into` asks for it.

    Read as the user, who may end it; changes nothing.
    """

    folders: Sequence[str] = ()

    @staticmethod
    def default() -> Found | None:
        """What is known of a host that says nothing."""
        return None

    def command(self, asked: Asked) -> StringCommand:
        """Build the command, which has the folders from its standard input."""
        self.folders = [*map(str, asked.folders)]
        shared = "\n".join(asked.shared)
        return told_by_user(asked.layout, SECONDS, TELL_WRITTEN, shared, stdin=self.folders)

    def process(self, output: list[str]) -> Found | None:
        """Read the lines; names that no terminal shows have a ? in the place of each character."""
        found: dict[str, Written | None] = {}
        folder, lines = "", _nothing()
        for line in output[:MOST_LINES]:
            kind, _, text = line.partition(" ")
            if text.count("/") > DEEPEST:
                # No path can be this: it is told no further.
                folder = ""
                continue
            path = printable(text).replace("\t", "?")
            if kind == "r":
                folder, lines = path, _nothing()
                found[folder] = None
            elif kind == "e" and folder:
                its = (tuple(lines["f"]), frozenset(lines["d"]), tuple(lines["s"]))
                found[folder] = Written(*its)
                folder = ""
            elif kind in lines:
                lines[kind].append(path)
        return {**dict.fromkeys(self.folders), **found}


def _nothing() -> dict[str, list[str]]:
    return {"f": [], "d": [], "s": []}
