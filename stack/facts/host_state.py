"""All that a plan needs to know of a host, in one command."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api import FactBase, StringCommand

from stack.facts.parsing import parse
from stack.host.observation import Observation
from stack.shell.scripts import as_root, script

HOME_SECONDS = 30
"""How long reading the home may take: its user can make it last for ever."""
HOME_BYTES = 20_000_000
"""How much may be told of it."""

FUNCTIONS = (
    "tell.sh",
    "entries.sh",
    "tell_system.sh",
    "tell_run.sh",
    "tell_roots.sh",
    "tell_files.sh",
    "tell_doors.sh",
    "tell_processes.sh",
)
TELL = script(__file__, "host_state.sh", *FUNCTIONS)
TELL_HOME = script(__file__, "home.sh", "manifests.sh")

IDENTITIES = (
    "SUPERVISOR_PROCESS_NAME",
    "PROGRAM_ID",
    "RELEASE_ID",
    "RELEASE_FOLDER",
    "VIRTUAL_ENV",
)
"""The environment variables by which a live process says what it runs."""


@dataclass(frozen=True)
class Scope:
    """What to read of a host."""

    python: str
    """The interpreter, a name or an absolute path."""
    packages: Sequence[str]
    groups: Sequence[str]
    user: str
    paths: Sequence[str]
    """What root owns, absolute."""
    more_paths: Sequence[str]
    """How further paths of root's begin."""
    texts: Sequence[str]
    """Files among them whose text matters."""
    units: Sequence[str]
    """Of systemd, besides those of Nginx, Supervisor and certbot."""
    firewall: bool
    """Whether it is asked for; one that is there is read in any case."""
    home: str
    """The user's home."""
    user_folders: Sequence[str]
    """Folders in it, those of the releases and of the virtualenvs, whose names matter."""
    user_paths: Sequence[str]
    """Single paths in it, absolute."""
    release: str
    """How the folders of the release to look into begin."""
    virtualenv: str
    """The same of its virtualenv's."""
    site: str
    """The path of the Nginx site."""
    log: str
    """The path of the release log."""
    program_logs: Sequence[str]
    """The paths of the app servers' logs, which may be long."""
    bind_port: str
    """Of TCP, at which the app server is to listen; empty where that is at none."""
    supervisor_strays: str
    """An extended regular expression for what no other file of Supervisor's may say, in a line."""
    before: str = ""
    """The file in which is written down what the user was like before the first deployment, where
    it is to be told whether his home was this one, or in it, and what the host has lost of that."""
    home_alone: bool = False
    """Whether nothing but the home is read, and what any system has."""

    def __str__(self) -> str:
        """Short, since pyinfra prints it when a host cannot be read."""
        return self.user


class HostState(FactBase[Observation]):
    """A host at one moment: the packages, accounts, paths, units and processes asked for.

    One command, about 0.1 s, which changes nothing. Needs root to see everything, and no Python
    on the host.
    """

    def command(self, scope: Scope) -> StringCommand:
        """Build the command."""
        lists = (
            scope.packages,
            scope.groups,
            scope.paths,
            scope.more_paths,
            scope.texts,
            scope.units,
        )
        home = [*scope.user_folders, scope.release, scope.virtualenv, *scope.user_paths]
        return as_root(
            TELL,
            scope.python,
            scope.user,
            scope.home,
            scope.site,
            scope.log,
            "\n".join(scope.program_logs),
            scope.supervisor_strays,
            r"\|".join(IDENTITIES),
            scope.bind_port,
            *("\n".join(words) for words in lists),
            "firewall" if scope.firewall else "",
            "home" if scope.home_alone else "",
            scope.before,
            *(TELL_HOME, str(HOME_SECONDS), str(HOME_BYTES), *home),
        )

    def process(self, output: list[str]) -> Observation:
        """Read the command's records."""
        return parse(output)
