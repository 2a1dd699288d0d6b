"""Where a release is on one host, and how far it is there: pure functions of what was read."""

import hashlib
import re
import shlex
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath as Path

from stack.host.observation import Entry, Observation
from stack.project.layout import NAME, Layout
from stack.project.release import Release
from stack.project.rendering import render
from stack.project.target import Target


@dataclass(frozen=True)
class Placement:
    """A release's two folders on a host, and what the host is like.

    What is whole is never changed. So one that was damaged is not mended: it is built again
    beside, in a folder with the next number, and the damaged one is cleared away.
    """

    target: Target
    seen: Observation
    folder: Path
    virtualenv: Path

    @property
    def release(self) -> Release:
        """What is placed there."""
        return self.target.app

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
        layout = self.target.layout
        return render(f"home/PROJECT/{name}", layout=layout, place=self, env=env)

    def has(self, marker: str) -> bool:
        """Whether a step of the building has left its marker, which it does at its end."""
        entry = self.seen.entries.get(str(self.folder / marker))
        return entry is not None and entry.kind == "file"

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
            owners = owners_of(self.target.layout, self.seen)
            if (entry.kind, entry.mode) != ("file", "700") or entry.owner not in owners:
                return False
        return True


def owners_of(layout: Layout, seen: Observation) -> set[str]:
    """What names the project's user as an owner.

    When his account was deleted, his files have but a number, and he gets that number back.
    """
    home = seen.entries.get(str(layout.home))
    lost = {home.owner} if seen.user is None and home and home.owner.isdigit() else set()
    return {layout.user} | lost


def place(target: Target, seen: Observation) -> Placement:
    """Where the release is, or is to be built, on the host that was read; without one, the live."""
    releases, virtualenvs = target.layout.releases, target.layout.virtualenvs
    live = _target(seen, target.layout.live)
    used = _target(seen, releases / live / "virtualenv")
    if target.release is None:
        return Placement(target, seen, releases / live, virtualenvs / used)
    virtualenv = target.release.virtualenv(seen.python)
    return Placement(
        target,
        seen,
        _folder(releases, target.release.id, seen, live),
        _folder(virtualenvs, virtualenv, seen, used),
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


def named_by(entry: Entry | None) -> str:
    """The release or virtualenv that a symlink of the home leads to; empty where it is none."""
    name = entry.target.rpartition("/")[2] if entry and entry.kind == "link" else ""
    return name if NAME.fullmatch(name) else ""


def _target(seen: Observation, link: Path) -> str:
    """What a symlink leads to; of none, a name that nothing has."""
    return named_by(seen.entries.get(str(link))) or "-"
