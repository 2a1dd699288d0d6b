"""What a host serves, and what it takes to serve it again: pure functions of what was read."""

import json
from dataclasses import dataclass

from stack.host.files import Declared, File
from stack.state.history import live_folder, placed
from stack.state.live import is_live
from stack.state.placement import Placement

OF_THE_LIVE = (
    *("program", "bind", "command", "log", "timeout_seconds", "holds_connections"),
    *("health_path", "health_host", "https"),
)
"""What of switch.json says how a release is run and asked: it changes as another takes over."""


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
        return _text(_object(values) | _object(self.values))

    def values_until_a_switch(self, values: str) -> str:
        """Newer values, but for those by which what is live is run and asked.

        Args:
            values: the text of the newer switch.json.
        """
        its = {name: value for name, value in _object(self.values).items() if name in OF_THE_LIVE}
        return _text(_object(values) | its)


def _text(values: dict[str, object]) -> str:
    return json.dumps(values, indent=4) + "\n"


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


def script_before_a_switch(here: Placement) -> list[Declared]:
    """The script that puts releases live, as it is to be until this one is.

    Whoever asks how the host is doing, in the meantime or after a failure, asks what is live by
    what that went live with; a switch brings what goes with its release.
    """
    files, before = here.target.files, served_by(here)
    if not before.folder or is_live(here):
        return files.switch
    values = files.switch_values
    kept = File(values.path, before.values_until_a_switch(values.content))
    return [kept if file == values else file for file in files.switch]
