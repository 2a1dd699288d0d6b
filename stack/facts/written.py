"""What was written into releases since they were built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pyinfra.api import FactBase, StringCommand

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


class WrittenFiles(FactBase[Found | None]):
    """What was written into releases, where a host says anything.

    Read as the user, who may end it; changes nothing.
    """

    folders: Sequence[str] = ()

    @staticmethod
    def default() -> Found | None:
        """What is known of a host that says nothing."""
        return None

    def command(
        self, layout: Layout, folders: Sequence[PurePosixPath], shared: Sequence[str]
    ) -> StringCommand:
        """Build the command.

        Args:
            layout: where things are.
            folders: the releases'.
            shared: paths relative to `src` that the next release has links in place of.
        """
        self.folders = [*map(str, folders)]
        words = ("\n".join(shared), *self.folders)
        return told_by_user(layout, SECONDS, TELL_WRITTEN, *words)

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
            path = "".join(char if char.isprintable() else "?" for char in text)
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
