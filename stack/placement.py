"""Where a release is on one host, and how far it is there: pure functions of what was read."""

import hashlib
import re
import shlex
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath as Path

from stack import declared
from stack.files import File
from stack.observation import Entry, Observation, Process
from stack.project import Project
from stack.release import Release
from stack.rendering import render
from stack.services import supervisor_is_loaded


@dataclass(frozen=True)
class Placement:
    """A release's two folders on a host, and what the host is like.

    What is whole is never changed. So one that was damaged is not mended: it is built again
    beside, in a folder with the next number, and the damaged one is cleared away.
    """

    release: Release
    seen: Observation
    folder: Path
    virtualenv: Path

    @property
    def with_env(self) -> str:
        """The content of `with-env`: the environment, as a script."""
        env = self.release.environment
        return self._render("with-env", {name: shlex.quote(env[name]) for name in env})

    @property
    def with_env_shown(self) -> str:
        """The same with the values masked."""
        return self._render("with-env", dict.fromkeys(self.release.environment, "*MASKED*"))

    @property
    def manage(self) -> str:
        """The content of `manage`: manage.py with the environment."""
        return self._render("manage", {})

    def _render(self, name: str, env: dict[str, str]) -> str:
        project = self.release.project
        return render(f"home/PROJECT/{name}", project=project, place=self, env=env)

    def has(self, marker: str) -> bool:
        """Whether a step of the building has left its marker, which it does at its end."""
        return str(self.folder / marker) in self.seen.entries

    @property
    def has_virtualenv(self) -> bool:
        """Whether the virtualenv is whole."""
        return str(self.virtualenv / ".built") in self.seen.entries

    @property
    def has_environment(self) -> bool:
        """Whether `with-env` and `manage` are as declared, to the byte, for the user alone."""
        for name, text in (("with-env", self.with_env), ("manage", self.manage)):
            entry = self.seen.entries.get(str(self.folder / name))
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            if entry is None or entry.sha256 != sha256:
                return False
            # Their group can do nothing with them, whichever it is.
            owners = owners_of(self.release.project, self.seen)
            if (entry.kind, entry.mode) != ("file", "700") or entry.owner not in owners:
                return False
        return True

    @property
    def is_live(self) -> bool:
        """Whether this is what is served, with the environment that is declared."""
        return self.is_served and self.has_environment

    @property
    def is_served(self) -> bool:
        """Whether this is what is served: by the files, and by the live process itself."""
        project, entries = self.release.project, self.seen.entries
        program = declared.program(project)
        return (
            self.has_virtualenv
            and _leads(entries.get(str(project.live)), f"releases/{self.folder.name}")
            and _leads(entries.get(str(project.virtualenv)), f"../{project.user}/virtualenv")
            and _leads(
                entries.get(str(self.folder / "virtualenv")),
                f"../../.virtualenvs/{self.virtualenv.name}",
            )
            and program.is_in_place(entries.get(program.path))
            and supervisor_is_loaded(self.seen, self.release)
            and self._runs
            and self._has_its_log
            and self.seen.proxied_to in ("", project.address)
            and not any(path in entries for path in declared.traces_of_a_switch(project))
            and not any(path.startswith(declared.understudies(project)) for path in entries)
        )

    def runs_program(self, name: str) -> bool:
        """Whether one of Supervisor's other programs runs, of this release and its own file."""
        file = declared.programs(self.release.project)[name]
        if not file.is_in_place(self.seen.entries.get(file.path)):
            return False
        if not supervisor_is_loaded(self.seen, self.release):
            return True  # the switch starts supervisord anew, and with it this
        return self._is_of(self._process(name), file)

    @property
    def _has_its_log(self) -> bool:
        """Whether the process writes where people read; its log may have been taken away."""
        folder = self.release.project.logs
        entry = self.seen.entries.get(str(folder))
        there = entry is not None and entry.kind == "directory"
        return there and str(folder / "gunicorn.log") in self.seen.entries

    @property
    def _runs(self) -> bool:
        project = self.release.project
        process = self._process(project.settings.program)
        # Gunicorn starts its workers once it has its address, which another may hold.
        working = process is not None and process.children > 0
        return working and self._is_of(process, declared.program(project))

    def _is_of(self, process: Process | None, file: File) -> bool:
        """Whether a process was started from this release, its virtualenv and a program's file.

        It tells so itself. As somebody may have changed the files for a while, they must not be
        younger than it.
        """
        paths = (file.path, str(self.folder / "with-env"), str(self.virtualenv / ".built"))
        sources = [self.seen.entries.get(path) for path in paths]
        return (
            process is not None
            and process.environment.get("RELEASE_FOLDER") == str(self.folder)
            and process.environment.get("VIRTUAL_ENV") == str(self.virtualenv)
            and f'PROGRAM_ID="{process.environment.get("PROGRAM_ID")}"' in file.content
            and not any(
                entry is None or self.seen.changed_since(entry, process.started)
                for entry in sources
            )
        )

    def _process(self, program: str) -> Process | None:
        """The process of one of Supervisor's programs, as a child of supervisord's."""
        for process in self.seen.children("supervisor"):
            if process.environment.get("SUPERVISOR_PROCESS_NAME") == program:
                return process
        return None


def owners_of(project: Project, seen: Observation) -> set[str]:
    """What names the project's user as an owner.

    When his account was deleted, his files have but a number, and he gets that number back.
    """
    home = seen.entries.get(str(project.home))
    lost = {home.owner} if seen.user is None and home and home.owner.isdigit() else set()
    return {project.user} | lost


def place(release: Release, seen: Observation) -> Placement:
    """Where the release is, or is to be built, on the host that was read."""
    project = release.project
    virtualenv = release.virtualenv(seen.python)
    live = _target(seen, project.live)
    used = _target(seen, project.releases / live / "virtualenv")
    return Placement(
        release,
        seen,
        _folder(project.releases, release.id, seen, live),
        _folder(project.virtualenvs, virtualenv, seen, used),
    )


def _folder(parent: Path, name: str, seen: Observation, in_use: str) -> Path:
    """The folder of that name, or of that name with a number, to use.

    One that is whole, else the first that is not there or was never finished. What is in use
    counts as finished, whatever became of its mark.
    """
    numbered = re.compile(re.escape(str(parent / name)) + r"(-[0-9]+)?")
    there = sorted(path for path in seen.entries if numbered.fullmatch(path))
    for path in there:
        if f"{path}/.built" in seen.entries and path not in seen.damaged:
            return Path(path)
    numbers = (f"{name}-{number}" for number in count(2))
    taken = {*seen.damaged, str(parent / in_use)}
    return next(parent / n for n in chain([name], numbers) if str(parent / n) not in taken)


def _target(seen: Observation, link: Path) -> str:
    """The last part of where a symlink leads; of none, a name that nothing has."""
    entry = seen.entries.get(str(link))
    return entry.target.rpartition("/")[2] if entry and entry.kind == "link" else "-"


def _leads(entry: Entry | None, target: str) -> bool:
    return entry is not None and (entry.kind, entry.target) == ("link", target)
