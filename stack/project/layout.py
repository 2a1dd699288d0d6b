"""The names and places on a host that follow from the settings."""

from dataclasses import dataclass
from pathlib import PurePosixPath as Path

from stack.settings import Settings
from stack.settings.database import Database
from stack.settings.front import Front


@dataclass(frozen=True)
class Project:
    """Where a project's things are on its hosts. All paths are absolute."""

    settings: Settings
    database: Database | None = None
    """That of the inventory's group `db`."""
    front: Front | None = None
    """That of the inventory's group `lb`."""

    @property
    def user(self) -> str:
        """The user who owns everything in his home."""
        return self.settings.project

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path("/home") / self.user

    @property
    def live(self) -> Path:
        """The symlink to the release that is being served."""
        return self.home / self.user

    @property
    def releases(self) -> Path:
        """The folder with a folder for each release."""
        return self.home / "releases"

    @property
    def shared(self) -> Path:
        """What outlives the releases: the paths of the setting `shared`."""
        return self.home / "shared"

    @property
    def virtualenvs(self) -> Path:
        """virtualenvwrapper's folder."""
        return self.home / ".virtualenvs"

    @property
    def virtualenv(self) -> Path:
        """The symlink to the live release's virtualenv, as `workon` knows it."""
        return self.virtualenvs / self.user

    @property
    def static(self) -> Path:
        """The folder that Nginx serves static files from."""
        return self.live / "src" / "static"

    @property
    def logs(self) -> Path:
        """Where the logs are; `~/logs` leads there.

        root opens these files, so their folder may not be one that the project's user can put a
        symlink into.
        """
        return Path("/var/log") / self.user

    @property
    def log_group(self) -> str:
        """A group of the user's alone, for what he may read: every account may be in `users`."""
        return self.user

    @property
    def release_log(self) -> Path:
        """A line of JSON for each attempt to put a release live."""
        return self.logs / "releases.log"

    @property
    def library(self) -> Path:
        """root's own scripts and values for this project."""
        return Path("/usr/local/lib") / self.user

    @property
    def backups(self) -> Path:
        """The dumps of the database, on its host."""
        return Path("/var/backups") / self.user

    @property
    def address(self) -> str:
        """What Nginx proxies to, as Nginx writes it.

        Without a path: so Django gets the visitor's as it was asked for, slash by slash.
        """
        return f"http://{self.settings.bind}"

    @property
    def health_host(self) -> str:
        """The Host that the health check asks for: the first server_name, made concrete."""
        name = self.settings.server_name[0]
        if name == "_":
            return "localhost"
        return name.removesuffix(".*").replace("*.", "www.", 1).removeprefix(".")

    @property
    def gunicorn(self) -> str:
        """The article's command line of Gunicorn, with its address, which is not left to PORT."""
        settings = self.settings
        return (
            f"{self.virtualenv}/bin/gunicorn -b {settings.bind} -w {settings.workers} "
            f"-t {settings.timeout_seconds} {settings.wsgi}"
        )
