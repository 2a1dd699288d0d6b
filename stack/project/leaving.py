"""What a host has of a project, by its name alone, whatever its settings say or used to say."""

from dataclasses import dataclass
from functools import cached_property

from stack.project.firewall import path_of
from stack.project.layout import Layout
from stack.project.nginx_files import (
    ENABLED,
    NAMES_FILE,
    NGINX_OUTLASTS,
    SITE,
    enabled,
)
from stack.project.supervisor_files import PROGRAMS, SUPERVISOR_OUTLASTS

ORIGINALS = "/var/lib/django-stack"
"""What was in the place of the files that all projects share, before the first came."""
NGINX = "/etc/nginx/nginx.conf"
SUPERVISOR = "/etc/supervisor/supervisord.conf"
SHARED = (NGINX, SITE, ENABLED, SUPERVISOR)
"""Files of Debian's packages that a deployment replaces."""
LETS_ENCRYPT = "/etc/letsencrypt"


def original(path: str) -> str:
    """Where the one is kept that was in the place of a shared file."""
    return f"{ORIGINALS}{path}"


def named_after(layout: Layout) -> dict[str, str]:
    """Paths that somebody else may have for his own, by the project's name, and our kinds there."""
    return {
        **dict.fromkeys(
            map(str, (layout.library, layout.logs, layout.backups, layout.certificates)),
            "directory",
        ),
        f"/etc/logrotate.d/{layout.user}": "file",
        f"/etc/profile.d/{layout.user}.sh": "file",
    }


@dataclass(frozen=True)
class Belongings:
    """Paths of root's that are a project's own, in the order in which they go."""

    layout: Layout

    @cached_property
    def site(self) -> str:
        """The site's file, where it is not the server's default."""
        return f"/etc/nginx/sites-available/{self.layout.user}"

    @property
    def sites(self) -> tuple[str, ...]:
        """Files of sites that may be the project's; a person may have one of that name too."""
        return (self.site, SITE)

    @cached_property
    def nginx(self) -> tuple[str, ...]:
        """What Nginx reads besides the site, and its unit."""
        user = self.layout.user
        return (
            str(self.layout.understudy_file),
            str(self.layout.nginx_drop_in),
            f"/etc/nginx/snippets/{user}-maintenance.conf",
            str(self.layout.nginx_lines),
            str(self.layout.challenge_lines),
        )

    @cached_property
    def program(self) -> str:
        """Supervisor's file of the site; those of other programs begin like it."""
        return f"{PROGRAMS}/{self.layout.user}.conf"

    @cached_property
    def certificates(self) -> tuple[str, ...]:
        """The certificate, and how it comes; last what tells that there is one."""
        layout = self.layout
        return (
            str(layout.certificates),
            str(layout.challenges),
            str(layout.renewal_hook),
            str(layout.lineage),
            str(layout.archive),
            str(layout.renewal),
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The rest, but for what tells that the project is here."""
        user = self.layout.user
        return (
            f"/etc/logrotate.d/{user}",
            f"/etc/profile.d/{user}.sh",
            str(self.layout.pages),
            str(self.layout.sockets),
            str(self.layout.sockets_gone),
            str(self.layout.home_gone),
        )

    @cached_property
    def account(self) -> str:
        """What its user was like, where somebody had that name before. No project's has a dot."""
        return f"/var/lib/{self.layout.user}.account"

    @cached_property
    def data(self) -> tuple[str, ...]:
        """What outlives the project unless a person says otherwise: logs and dumps."""
        return (str(self.layout.logs), str(self.layout.backups))

    @cached_property
    def users(self) -> tuple[str, ...]:
        """What the user may have had made for himself outside of his home."""
        user = self.layout.user
        return (
            f"/var/spool/cron/crontabs/{user}",
            f"/var/mail/{user}",
            # Whoever is next of that name would have programs that run without a login.
            f"/var/lib/systemd/linger/{user}",
        )

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All of them, and those that projects share: what is to be read of a host."""
        return (
            self.site,
            enabled(self.site),
            *self.nginx,
            self.program,
            *self.certificates,
            *self.files,
            str(self.layout.library),
            path_of(self.layout.user),
            *self.data,
            str(self.layout.release_log),
            *self.users,
            self.account,
            NAMES_FILE,
            NGINX_OUTLASTS.path,
            SUPERVISOR_OUTLASTS.path,
            *SHARED,
            ORIGINALS,
            *map(original, SHARED),
        )
