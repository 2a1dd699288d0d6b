"""What runs the app: all that the rest needs to know of an application server.

Another one is a module with a class of this shape, and a value of a setting in `app_server`.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from stack.project.gunicorn import Gunicorn
from stack.project.uwsgi import Uwsgi
from stack.settings import Settings


class AppServer(Protocol):
    """An application server, as the settings have it run."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def log(self) -> str:
        """The name of its log, in the folder of the logs."""

    @property
    def stop_signal(self) -> str:
        """The signal, by Supervisor's name, on which it finishes its requests and exits."""

    @property
    def packages(self) -> tuple[str, ...]:
        """What it needs in the virtualenv, of the packages in stack.requirements.added."""

    @property
    def drain_seconds(self) -> int:
        """How long a request may take, and so the end of them all."""

    @property
    def holds_connections(self) -> bool:
        """Whether visitors keep connections open for longer than any request takes."""

    def command(self, bind: str, pid_file: str = "") -> list[str]:
        """The words of its command line, the first a program of the virtualenv's.

        It stays in the foreground, starts its workers once it has the address, and is one process
        with the workers as its children: by these a plan sees that it runs.

        Args:
            bind: ADDRESS:PORT, or unix:/path; or {bind}, for which the host puts in a socket,
                and the path of it for {socket}.
            pid_file: where it may write its number; empty where the settings of the project say.
                One that reads no settings of the project's has no use for it.
        """


SERVERS: Mapping[str, Callable[[Settings], AppServer]] = {"gunicorn": Gunicorn, "uwsgi": Uwsgi}
"""All of them, by the values of the setting `server`; the first is the default."""


def app_server(settings: Settings) -> AppServer:
    """The one that the settings name."""
    return SERVERS[settings.server](settings)
