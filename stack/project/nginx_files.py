"""Nginx's files: its own, and those of a site."""

import json
import re
from functools import cached_property

from stack.host.files import Declared, Directory, File, Link
from stack.inventory.roles import APP, LB
from stack.project.described import Described
from stack.project.hashed_names import COMPRESSED, HASHED
from stack.project.rendering import render
from stack.project.site import Site, written
from stack.settings import Settings

SITE = "/etc/nginx/sites-available/default"
"""The site, under the name that the article gives it."""
SITES_ENABLED = "/etc/nginx/sites-enabled"
"""The folder of what Nginx serves."""
ENABLED = f"{SITES_ENABLED}/default"
LONGEST_NAME = 40
"""Of a site's, for which Nginx has room by itself on every machine."""
NAMES_FILE = "/etc/nginx/conf.d/server-names.conf"
"""Room for long names, which Nginx lets nobody say twice: one file for all projects of a host."""
UNIT_OF_NGINX = "/etc/systemd/system/nginx.service.d"
"""The folder of what is added to Nginx's unit."""
NGINX_OUTLASTS = File(
    f"{UNIT_OF_NGINX}/out.of.memory.conf",
    render("etc/systemd/system/nginx.service.d/out.of.memory.conf"),
)
"""Has systemd not stop Nginx because of one process that was ended; no project has that name."""


def enabled(site: str) -> str:
    """The symlink by which Nginx serves a site of sites-available."""
    return site.replace("/sites-available/", "/sites-enabled/")


class NginxFiles(Described):
    """Those of an app host, and of one that balances over app hosts."""

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
        """The symlink by which Nginx serves the site."""
        return Link(enabled(self.site_file), self.site_file)

    @property
    def of_nginx(self) -> list[Declared]:
        """All of an app host's, but for what answers for names that nobody has."""
        return [*self.nginx, self.link, *self.site]

    def nobodys(self, https: bool) -> list[Declared]:
        """What answers for names that nobody has, where no project does: the same for them all.

        Args:
            https: whether any site on the host is served so.
        """
        text = render("etc/nginx/sites-available/default-nobody", https=https, ipv6=self.ipv6)
        return [File(SITE, written(text)), Link(ENABLED, SITE)]

    @cached_property
    def site(self) -> list[Declared]:
        """The site; with a front, also when Nginx starts and stops."""
        text = self._render(
            "etc/nginx/sites-available/default", hashed=HASHED, compressed=COMPRESSED
        )
        files: list[Declared] = [
            *self._pages,
            Site(self.site_file, written(text)),
            *self._room_for_names,
        ]
        if lines := self.settings.nginx_server:
            files.insert(0, File(str(self.layout.nginx_lines), lines))
        if self.front:
            text = self._render("etc/systemd/system/nginx.service.d/PROJECT.conf")
            files.append(File(str(self.layout.nginx_drop_in), text))
        return files

    @property
    def own_lines(self) -> str:
        """The settings' own, where there is a site of the app's that has them."""
        return self.settings.nginx_server.get_secret_value() if APP in self.roles else ""

    @property
    def optional(self) -> tuple[str, ...]:
        """What some settings have here, and others have not."""
        drop_in = self.layout.nginx_drop_in
        lines = (str(self.layout.nginx_lines), str(self.layout.challenge_lines))
        return (*lines, str(drop_in), self._unavailable)

    @property
    def _unavailable(self) -> str:
        return str(self.layout.pages / "unavailable.html")

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
        """What Nginx itself says when the app does not answer."""
        page = self._site.unavailable_page
        if not page:
            return []
        return [Directory(str(self.layout.pages)), File(self._unavailable, page)]

    @cached_property
    def maintenance(self) -> list[Declared]:
        """What visitors get in place of the site, where they come to; while there is any."""
        if not self.is_public:
            return []
        page = self._site.maintenance_page or render("var/lib/PROJECT-pages/maintenance.html")
        return [
            Directory(str(self.layout.pages)),
            File(str(self.layout.pages / "maintenance.html"), page),
            self._maintained(
                self._render(
                    "etc/nginx/snippets/PROJECT-maintenance.conf",
                    allowed=[*self._site.maintenance_allow],
                    headers=self._site.response_headers,
                    health=re.escape(self._site.health_path.partition("?")[0].rstrip("/")),
                )
            ),
        ]

    @property
    def no_maintenance(self) -> list[Declared]:
        """The same afterwards."""
        return [self.opened]

    @cached_property
    def opened(self) -> File:
        """That of an open site: an empty file is read by Nginx, and told from one that was not."""
        return self._maintained("# Nothing is maintained.\n")

    @property
    def asks_for_maintenance(self) -> str:
        """What any site of the project's has in its text, and no other: it reads that file, which
        it names by a pattern, so that there may be none."""
        return self.opened.path.removesuffix("f")

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
