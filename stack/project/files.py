"""Root's files that a host is to have: all, and those of neither Nginx, HTTPS nor Supervisor."""

import json
from functools import cached_property

from stack.host.files import Declared, Directory, File
from stack.inventory.roles import APP, LB
from stack.onhost import package, script
from stack.project.command import by_python, quoted
from stack.project.https_files import HttpsFiles
from stack.project.nginx_files import NGINX_OUTLASTS, NginxFiles
from stack.project.supervisor_files import SUPERVISOR_OUTLASTS, SupervisorFiles

IN_LIVE = 'cd -P "$1/src" && exec "$1/with-env" sh -c "$2"'
"""How a command of a schedule's begins: as whose it is, who may enter that folder."""


class Files(NginxFiles, HttpsFiles, SupervisorFiles):
    """A host's files; each is rendered once."""

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
            *self.outlasting.values(),
        )

    @cached_property
    def outlasting(self) -> dict[str, File]:
        """By units, what has systemd not stop them because of one process that was ended."""
        return {
            **({"nginx": NGINX_OUTLASTS} if self.roles & {APP, LB} else {}),
            **({"supervisor": SUPERVISOR_OUTLASTS} if APP in self.roles else {}),
        }

    @cached_property
    def undeclared(self) -> list[str]:
        """What other settings would have here, and these have not."""
        declared = {file.path for file in self.all}
        return [path for path in self.optional if path not in declared]

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
                        begin=quoted(IN_LIVE),
                        command=quoted(by_python(schedule.command)),
                    ),
                )
                for kind in ("service", "timer")
            ]
            for name, schedule in self.settings.schedules.items()
            if APP in self.roles and (self.is_first or schedule.hosts == "each")
        }

    @cached_property
    def switch(self) -> list[Declared]:
        """The script that puts releases live, what it knows of the project, and one for dumps."""
        library = self.layout.library
        folder = library / "switch"
        return [
            Directory(str(library)),
            Directory(str(folder)),
            *(File(str(folder / name), text) for name, text in package("switch").items()),
            self.switch_values,
            File(f"{library}/database.py", script("database")),
        ]

    @cached_property
    def switch_values(self) -> File:
        """What that script knows of the project, once the release is live."""
        settings = self.settings
        values = {
            "user": self.layout.user,
            "program": settings.program,
            "program_file": self.program.path,
            "programs": list(self.programs),
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
            # Whether Nginx itself does: the other projects of the host read it here.
            "tls": settings.tls != "off" and not self.front,
            "logs": str(self.layout.logs),
            "log": self.server.log,
        }
        return File(str(self.layout.switch_values), json.dumps(values, indent=4) + "\n")


def _concrete(server_name: str) -> str:
    """A name that visitors may ask for, of those that a server_name stands for."""
    if server_name == "_":
        return "localhost"
    return server_name.removesuffix(".*").replace("*.", "www.", 1).removeprefix(".")
