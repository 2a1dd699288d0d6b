"""What a host serves, and what it takes to serve it again: pure functions of what was read."""

import json
from dataclasses import dataclass

from stack.state.history import live_folder, placed
from stack.state.placement import Placement


@dataclass(frozen=True)
class Served:
    """A release as it is, or was, live on one host."""

    folder: str
    """Its name in ~/releases; empty when nothing is live."""
    program: str
    """The text of Supervisor's file for it."""
    virtualenv: str = ""
    """Its virtualenv's name in ~/.virtualenvs."""
    values: str = ""
    """The text of switch.json: where it answers, its health page and the like."""

    @property
    def can_come_back(self) -> bool:
        """Whether there is something to go back to."""
        return bool(self.folder and self.program and self.virtualenv)

    def is_as(self, other: "Served") -> bool:
        """Whether the other is the same release, run in the same way."""
        return (self.folder, self.program) == (other.folder, other.program)

    def values_over(self, values: str) -> str:
        """Its values, with those of newer ones that it lacks.

        Args:
            values: the text of the newer switch.json, for the script as it is now.
        """
        return json.dumps(_object(values) | _object(self.values), indent=4) + "\n"


def _object(text: str) -> dict[str, object]:
    """What a JSON text has, which may have been cut or damaged: nothing then."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def served_by(here: Placement) -> Served:
    """What is live, according to the host's files."""
    target, texts = here.target, here.seen.texts
    folder = live_folder(here)
    return Served(
        folder,
        texts.get(target.files.program.path, ""),
        placed(here, folder).virtualenv.name if folder else "",
        texts.get(str(target.layout.switch_values), ""),
    )
