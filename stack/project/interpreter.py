"""The Python that virtualenvs are made with."""

from dataclasses import dataclass
from pathlib import PurePosixPath as Path

from stack.settings import Settings
from stack.settings.paths import PYTHON_VERSION
from stack.source import Spool, python_build

FOLDER = Path("/opt/django-stack/python")
"""Where those lie that are brought: root's, for all projects of the host."""


@dataclass(frozen=True)
class Interpreter:
    """One of the host's own, or one that is brought."""

    command: str
    """A name or an absolute path on the host."""
    version: str = ""
    """The full version of one that is brought; empty for the host's own."""
    mirror: str = ""
    """Where its build comes from; empty for the builds' own server."""

    @property
    def folder(self) -> Path:
        """Where one that is brought lies."""
        return FOLDER / self.version

    def mark(self, project: str) -> Path:
        """The file that says that a project needs it."""
        return FOLDER / f"{self.version}.{project}"

    def archive(self, machine: str) -> Spool:
        """The build for a machine, as .tar.gz. Raises SourceError."""
        return python_build.archive(self.version, machine, self.mirror, str(self.folder))


def interpreter_of(settings: Settings) -> Interpreter:
    """The one that the settings declare. Raises SourceError where nobody has it."""
    if not PYTHON_VERSION.fullmatch(settings.python):
        return Interpreter(settings.python)
    version = python_build.latest(settings.python, settings.python_mirror)
    return Interpreter(str(FOLDER / version / "bin/python3"), version, settings.python_mirror)
