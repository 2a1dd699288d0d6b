"""The places on a host that follow from the project's name."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath as Path

from stack.onhost.switch import former

NAME = re.compile(r"\.?[0-9a-z][0-9a-z.-]{0,63}")
"""What the folder of a release or of a virtualenv may be called: with room beyond the names that we
give, and no room for what would fill a command line. What has another name is none of ours."""
FOLDERS = ("releases", ".virtualenvs")
"""Where those are, from the home."""


@dataclass(frozen=True)
class Layout:
    """Where a project's things are on its hosts. All paths are absolute."""

    user: str
    """The project's user, who owns everything in his home."""

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path("/home") / self.user

    @property
    def home_gone(self) -> Path:
        """root's, on the home's disk, where what was in it goes, while nobody waits for its
        removal: no user's name begins with a dot."""
        return self.home.with_name(f".{self.user}.gone")

    @property
    def live(self) -> Path:
        """The symlink to the release that is being served."""
        return self.home / self.user

    @property
    def releases(self) -> Path:
        """The folder of the releases' folders."""
        return self.home / FOLDERS[0]

    @property
    def shared(self) -> Path:
        """What outlives the releases: the paths of the setting `shared`."""
        return self.home / "shared"

    @property
    def virtualenvs(self) -> Path:
        """virtualenvwrapper's folder."""
        return self.home / FOLDERS[1]

    @property
    def virtualenv(self) -> Path:
        """The symlink to the live release's virtualenv, as `workon` knows it."""
        return self.virtualenvs / self.user

    @property
    def static(self) -> Path:
        """The folder that Nginx serves static files from."""
        return self.live / "src" / "static"

    @property
    def static_elsewhere(self) -> Path:
        """The symlink to that folder, in a release that collects into another one."""
        return self.live / "static"

    def schedule(self, name: str) -> str:
        """The path of a schedule's units, without suffix.

        No project has a dot in its name, so no other's units begin in that way.
        """
        return f"/etc/systemd/system/{self.user}.schedule-{name}"

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
    def certificates(self) -> Path:
        """What Nginx serves HTTPS with: `current` leads to the folder that it reads."""
        return Path("/etc/ssl") / self.user

    @property
    def challenges(self) -> Path:
        """Where certbot puts what the CA asks for."""
        return Path("/var/lib") / f"{self.user}-acme"

    @property
    def pages(self) -> Path:
        """Pages that Nginx serves itself when the project cannot."""
        return Path("/var/lib") / f"{self.user}-pages"

    @property
    def nginx_lines(self) -> Path:
        """A person's own lines of the site."""
        return Path("/etc/nginx/snippets") / f"{self.user}-server.conf"

    @property
    def nginx_drop_in(self) -> Path:
        """With a front: when Nginx starts and stops."""
        return Path("/etc/systemd/system/nginx.service.d") / f"{self.user}.conf"

    @property
    def lineage(self) -> Path:
        """certbot's folder of the certificate that is live."""
        return Path("/etc/letsencrypt/live") / self.user

    @property
    def archive(self) -> Path:
        """Its certificates of before, and what that folder leads to."""
        return Path("/etc/letsencrypt/archive") / self.user

    @property
    def renewal(self) -> Path:
        """What certbot renews the certificate by, and knows its account from."""
        return Path("/etc/letsencrypt/renewal") / f"{self.user}.conf"

    @property
    def renewal_hook(self) -> Path:
        """What certbot runs once it has renewed it."""
        return Path("/etc/letsencrypt/renewal-hooks/deploy") / self.user

    @property
    def challenge_lines(self) -> Path:
        """Nginx's, by which the CA is answered."""
        return Path("/etc/nginx/snippets") / f"{self.user}-acme.conf"

    @property
    def switch_values(self) -> Path:
        """What the script that puts releases live knows of the project."""
        return self.library / "switch.json"

    @property
    def sockets(self) -> Path:
        """Where an understudy listens, in a folder of the user's. So it is not in /run, which is of
        memory and small: a full one stops every service of the host."""
        return Path("/var/lib") / f"{self.user}-understudy"

    @property
    def sockets_gone(self) -> Path:
        """root's, where what was left in that folder goes, while nobody waits for its removal."""
        return self.sockets.with_name(f"{self.sockets.name}.gone")

    @property
    def understudy_file(self) -> Path:
        """What has Nginx send visitors to an understudy."""
        return Path("/etc/nginx/conf.d") / f"{self.user}-understudy.conf"

    @property
    def traces_of_a_switch(self) -> tuple[Path, ...]:
        """What exists only while a release takes over, or after that was cut."""
        return (self.understudy_file, self.sockets)

    @property
    def former_sockets(self) -> Path:
        """The same folder of an earlier version's understudy."""
        return Path(former.sockets(self.user))

    @property
    def understudies(self) -> tuple[str, str]:
        """How the paths of units begin that exist only while a release takes over: as they are
        now, and as an earlier version had them, where they may be of others too."""
        place = "/run/systemd/transient"
        return f"{place}/{self.user}.understudy-", f"{place}/{former.beginning(self.user)}"
