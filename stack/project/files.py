"""The files of root's that a host is to have, by concern."""

import hashlib
import json
import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cached_property

from stack.host.files import Declared, Directory, File, Link
from stack.inventory.roles import APP, LB
from stack.onhost import package, script
from stack.project.app_server import STOP_MARGIN_SECONDS, AppServer
from stack.project.layout import Layout
from stack.project.rendering import render
from stack.project.site import Site, written
from stack.settings import Settings
from stack.settings.front import Front

PROGRAMS = "/etc/supervisor/conf.d"
SITE = "/etc/nginx/sites-available/default"
"""The site, under the name that the article gives it."""
ENABLED = "/etc/nginx/sites-enabled/default"
LONGEST_NAME = 40
"""Of a site's, for which Nginx has room by itself on every machine."""
NAMES_FILE = "/etc/nginx/conf.d/server-names.conf"
"""Room for long names, which Nginx lets nobody say twice: one file for all projects of a host."""
UNIT_OF_NGINX = "/etc/systemd/system/nginx.service.d"
"""The folder of what is added to Nginx's unit."""


SOCKETS_GUARD = File(
    "/etc/systemd/system/supervisor.service.d/several-projects.conf",
    render("etc/systemd/system/supervisor.service.d/several-projects.conf"),
)
"""Has supervisord's socket be root's for as long as a host has several projects."""


def enabled(site: str) -> str:
    """The symlink by which Nginx serves a site of sites-available."""
    return site.replace("/sites-available/", "/sites-enabled/")


@dataclass(frozen=True)
class Files:
    """A host's files; each is rendered once."""

    settings: Settings
    layout: Layout
    server: AppServer
    roles: Set[str] = frozenset({APP})
    front: Front | None = None
    peers: tuple[str, ...] = ()
    is_first: bool = True

    @cached_property
    def all(self) -> tuple[Declared, ...]:
        """What a host of these roles has. What is left out here is not read either."""
        of_app = (
            *self.login,
            *self.logs,
            *self.supervisor,
            self.program,
            *self.programs.values(),
            *(file for files in self.schedules.values() for file in files),
            *self.nginx,
            self.link,
            *self.site,
            *self.switch,
        )
        shared = () if self.settings.default_server else self.nobodys(https=False)
        return (
            *(of_app if APP in self.roles else ()),
            *(self.balancer if LB in self.roles else ()),
            *(shared if self.roles & {APP, LB} else ()),
            *self.https,
            *self.maintenance,
        )

    @cached_property
    def login(self) -> list[Declared]:
        """virtualenvwrapper for the user, at login."""
        return [
            File(f"/etc/profile.d/{self.layout.user}.sh", self._render("etc/profile.d/PROJECT.sh"))
        ]

    @cached_property
    def logs(self) -> list[Declared]:
        """The folder of the logs, for the user alone to read, and their rotation."""
        text = self._render("etc/logrotate.d/PROJECT", server=self.server)
        return [
            Directory(str(self.layout.logs), "750", self.layout.log_group),
            File(f"/etc/logrotate.d/{self.layout.user}", text),
        ]

    @cached_property
    def supervisor(self) -> list[Declared]:
        """supervisord's own configuration."""
        path = "etc/supervisor/supervisord.conf"
        return [File(f"/{path}", render(path))]

    @cached_property
    def program(self) -> File:
        """Supervisor's program of the site, which carries a digest of itself.

        Supervisor hands the digest to the process, and so the process tells which version of this
        file it was started from.
        """
        # Supervisor reads them as a shell does.
        words = self.server.command(self.settings.bind)
        command = " ".join(f'"{word}"' if " " in word else word for word in words)
        return File(
            f"{PROGRAMS}/{self.layout.user}.conf",
            _with_digest(
                lambda program_id: self._render(
                    "etc/supervisor/conf.d/PROJECT.conf",
                    server=self.server,
                    command=f"{self.layout.virtualenv}/bin/{command}",
                    stop_seconds=self.server.drain_seconds + STOP_MARGIN_SECONDS,
                    program_id=program_id,
                )
            ),
        )

    @cached_property
    def programs(self) -> dict[str, File]:
        """The files of Supervisor's other programs that are this host's, by the programs' names."""

        def text(name: str, program_id: str) -> str:
            program = self.settings.programs[name]
            return self._render(
                "etc/supervisor/conf.d/PROJECT-PROGRAM.conf",
                name=name,
                program=program,
                command=by_python(program.command),
                program_id=program_id,
            )

        return {
            name: File(
                f"{PROGRAMS}/{self.layout.user}-{name}.conf",
                _with_digest(lambda program_id, name=name: text(name, program_id)),  # type: ignore[misc]
            )
            for name, program in self.settings.programs.items()
            if self.is_first or program.hosts == "each"
        }

    @cached_property
    def schedules(self) -> dict[str, list[Declared]]:
        """The timers of the schedules that are this host's, with what they start, by name."""
        return {
            name: [
                File(
                    f"{self.layout.schedule(name)}.{kind}",
                    self._render(
                        f"etc/systemd/system/PROJECT.schedule-NAME.{kind}",
                        name=name,
                        schedule=schedule,
                        command=quoted(by_python(schedule.command)),
                    ),
                )
                for kind in ("service", "timer")
            ]
            for name, schedule in self.settings.schedules.items()
            if self.is_first or schedule.hosts == "each"
        }

    @cached_property
    def nginx(self) -> list[Declared]:
        """Nginx's own configuration, the same for all projects of a host."""
        return [File("/etc/nginx/nginx.conf", render("etc/nginx/nginx.conf"))]

    @property
    def site_file(self) -> str:
        """The site: under the article's name where it is the server's own, else the project's."""
        return (
            SITE
            if self.settings.default_server
            else f"/etc/nginx/sites-available/{self.layout.user}"
        )

    @cached_property
    def link(self) -> Link:
        """That Nginx serves the site."""
        return Link(enabled(self.site_file), self.site_file)

    def nobodys(self, https: bool) -> list[Declared]:
        """Who answers for names that nobody has, where no project does: the same for them all.

        Args:
            https: whether any site on the host is served so.
        """
        text = render("etc/nginx/sites-available/default-nobody", https=https)
        return [File(SITE, written(text)), Link(ENABLED, SITE)]

    @cached_property
    def site(self) -> list[Declared]:
        """The site; with a front, also when Nginx starts and stops."""
        text = self._render("etc/nginx/sites-available/default")
        files: list[Declared] = [
            *self._pages,
            Site(self.site_file, written(text)),
            *self._room_for_names,
        ]
        if lines := self.settings.nginx_server.get_secret_value():
            path = f"/etc/nginx/snippets/{self.layout.user}-server.conf"
            files.insert(0, File(path, lines.rstrip("\n") + "\n"))
        if self.front:
            text = self._render("etc/systemd/system/nginx.service.d/PROJECT.conf")
            files.append(File(f"{UNIT_OF_NGINX}/{self.layout.user}.conf", text))
        return files

    @cached_property
    def balancer(self) -> list[Declared]:
        """The Nginx of a host that balances over the app hosts; nothing without a front."""
        if not self.front:
            return []
        text = self._render("etc/nginx/sites-available/default-balancer")
        record = {
            "user": self.layout.user,
            "names": self._names,
            "site_file": self.site_file,
            "tls": self.settings.tls != "off",
        }
        return [
            Directory(str(self.layout.library)),
            File(f"{self.layout.library}/balancer.json", json.dumps(record, indent=4) + "\n"),
            *self.nginx,
            *self._pages,
            File(self.site_file, written(text)),
            *self._room_for_names,
            self.link,
        ]

    @property
    def _room_for_names(self) -> list[Declared]:
        is_needed = max(map(len, self._names)) > LONGEST_NAME
        return [File(NAMES_FILE, render("etc/nginx/conf.d/server-names.conf"))] if is_needed else []

    @cached_property
    def _pages(self) -> list[Declared]:
        """What Nginx has itself to say when the app does not answer."""
        page = self._site.unavailable_page.get_secret_value()
        if not page:
            return []
        path = str(self.layout.pages / "unavailable.html")
        return [Directory(str(self.layout.pages)), File(path, page)]

    @cached_property
    def maintenance(self) -> list[Declared]:
        """What visitors get in place of the site, where they come to; while there is any."""
        if LB not in self.roles and (self.front or APP not in self.roles):
            return []
        page = self._site.maintenance_page.get_secret_value() or render(
            "var/lib/PROJECT-pages/maintenance.html"
        )
        return [
            Directory(str(self.layout.pages)),
            File(str(self.layout.pages / "maintenance.html"), page),
            self._maintained(
                self._render(
                    "etc/nginx/snippets/PROJECT-maintenance.conf",
                    allowed=[*self._site.maintenance_allow],
                    health=re.escape(self._site.health_path.partition("?")[0].rstrip("/")),
                )
            ),
        ]

    @cached_property
    def no_maintenance(self) -> list[Declared]:
        """The same afterwards: an empty file is read by Nginx, and told from one that was not."""
        return [self._maintained("# Nothing is maintained.\n")]

    def _maintained(self, text: str) -> File:
        return File(f"/etc/nginx/snippets/{self.layout.user}-maintenance.conf", text)

    @property
    def _names(self) -> list[str]:
        """Those that the site's file has."""
        redirects = self._site.redirect_names if LB in self.roles or not self.front else ()
        return [*self._site.server_name, *redirects]

    @property
    def _site(self) -> Settings:
        """Those of whose site it is."""
        return self.front.site if self.front else self.settings

    @cached_property
    def https(self) -> list[Declared]:
        """What a host that visitors come to has for HTTPS, but for certificates of a CA's."""
        settings, folder = self.settings, self.layout.certificates
        if settings.tls == "off" or (self.front and LB not in self.roles):
            return []
        if settings.tls == "files":
            return [
                Directory(str(folder)),
                Directory(str(folder / "files"), "700"),
                *(
                    File(str(folder / "files" / name), pem.get_secret_value(), "600", secret=True)
                    for name, pem in (
                        ("fullchain.pem", settings.tls_certificate),
                        ("privkey.pem", settings.tls_key),
                    )
                ),
                Link(str(folder / "current"), "files"),
            ]
        hook = f"/etc/letsencrypt/renewal-hooks/deploy/{self.layout.user}"
        return [
            Directory(str(folder)),
            Directory(str(self.layout.challenges)),
            File(
                f"/etc/nginx/snippets/{self.layout.user}-acme.conf",
                self._render("etc/nginx/snippets/PROJECT-acme.conf"),
            ),
            File(hook, self._render("etc/letsencrypt/renewal-hooks/deploy/PROJECT"), "755"),
        ]

    @cached_property
    def switch(self) -> list[Declared]:
        """The script that puts a release live, what it knows of the project, and that for dumps."""
        settings, library = self.settings, self.layout.library
        values = {
            "user": self.layout.user,
            "program": settings.program,
            "program_file": self.program.path,
            "programs": list(settings.programs),
            "names": self._names,
            "site_file": self.site_file,
            "bind": settings.bind,
            "command": self.server.command("{bind}", "{pid_file}"),
            "timeout_seconds": self.server.drain_seconds,
            "holds_connections": self.server.holds_connections,
            "health_path": settings.health_path,
            "health_host": _concrete(settings.server_name[0]),
            # Whether there is a front that may say https to Nginx.
            "https": bool(settings.trusted_proxies or self.front or settings.tls != "off"),
            # Whether Nginx itself does.
            "tls": settings.tls != "off" and not self.front,
            "logs": str(self.layout.logs),
            "log": self.server.log,
        }
        folder = library / "switch"
        return [
            Directory(str(library)),
            Directory(str(folder)),
            *(File(str(folder / name), text) for name, text in package("switch").items()),
            File(str(self.layout.switch_values), json.dumps(values, indent=4) + "\n"),
            File(f"{library}/database.py", script("database")),
        ]

    def _render(self, template: str, **values: object) -> str:
        return render(
            template,
            settings=self.settings,
            layout=self.layout,
            front=self.front,
            peers=self.peers,
            **values,
        )


def by_python(command: str) -> str:
    """A command in which manage.py is run by the Python of the virtualenv."""
    return f"python {command}" if command.startswith("manage.py ") else command


def quoted(text: str) -> str:
    """A text as one word of a systemd unit's command line."""
    for special, plain in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        text = text.replace(special, plain)
    return f'"{text}"'


def _with_digest(text: Callable[[str], str]) -> str:
    """A text that carries a digest of itself, of itself without it."""
    return text(hashlib.sha256(text("").encode()).hexdigest()[:12])


def _concrete(server_name: str) -> str:
    """A name that visitors may ask for, of those that a server_name stands for."""
    if server_name == "_":
        return "localhost"
    return server_name.removesuffix(".*").replace("*.", "www.", 1).removeprefix(".")
