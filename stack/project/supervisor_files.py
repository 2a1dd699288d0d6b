"""Supervisor's files: its own, and those of programs."""

import hashlib
from collections.abc import Callable
from functools import cached_property

from stack.host.files import Declared, File
from stack.inventory.roles import APP
from stack.onhost.switch.visitors import STOP_MARGIN_SECONDS
from stack.project.command import by_python
from stack.project.described import Described
from stack.project.rendering import render

PROGRAMS = "/etc/supervisor/conf.d"

CLOSED_SOCKET = File(
    f"{PROGRAMS}/several.projects.conf",
    render("etc/supervisor/conf.d/several.projects.conf"),
)
"""Has supervisord make its socket root's for as long as a host has several projects.

The file of no project has that name, nor begins like it.
"""
FORMER_GUARD = "/etc/systemd/system/supervisor.service.d/several-projects.conf"
"""By which earlier versions did so, a moment after the socket was made."""
SUPERVISOR_OUTLASTS = File(
    "/etc/systemd/system/supervisor.service.d/out.of.memory.conf",
    render("etc/systemd/system/supervisor.service.d/out.of.memory.conf"),
)
"""Has systemd not stop supervisord because of one process that was ended."""


class SupervisorFiles(Described):
    """Those of an app host."""

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
            if APP in self.roles and (self.is_first or program.hosts == "each")
        }


def _with_digest(text: Callable[[str], str]) -> str:
    """A text that carries a digest of itself, of itself without it."""
    return text(hashlib.sha256(text("").encode()).hexdigest()[:12])
