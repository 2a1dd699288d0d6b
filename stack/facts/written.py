"""What was written into releases since they were built."""

from collections.abc import Sequence
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


class WrittenFiles(FactBase[dict[str, Written] | None]):
    """What was written into releases, by their folders; None where that was not read to its end.

    Read as the user, who may end it; changes nothing.
    """

    @staticmethod
    def default() -> dict[str, Written] | None:
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
        words = ("\n".join(shared), *map(str, folders))
        return told_by_user(layout, SECONDS, TELL_WRITTEN, *words)

    def process(self, output: list[str]) -> dict[str, Written] | None:
        """Read the lines; names that no terminal shows have a ? in the place of each character."""
        if output[-1:] != ["end"] or len(output) > MOST_LINES:
            return None
        found: dict[str, dict[str, list[str]]] = {}
        lines: dict[str, list[str]] = {}
        for line in output:
            kind, _, text = line.partition(" ")
            if text.count("/") > DEEPEST:
                return None
            path = "".join(char if char.isprintable() else "?" for char in text)
            if kind == "r":
                lines = found.setdefault(path, {"f": [], "d": [], "s": []})
            elif kind in lines:
                lines[kind].append(path)
        return {
            folder: Written(tuple(kinds["f"]), frozenset(kinds["d"]), tuple(kinds["s"]))
            for folder, kinds in found.items()
        }
