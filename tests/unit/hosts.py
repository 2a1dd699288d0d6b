"""Hosts as they would be read, made by hand."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from stack.host.files import Declared, Directory, File
from stack.host.observation import Entry, Observation, Process, Unit
from stack.project.nginx_files import NGINX_OUTLASTS
from stack.project.release import release_of
from stack.project.site import Site, masked_digest
from stack.project.supervisor_files import SUPERVISOR_OUTLASTS
from stack.project.target import Target
from stack.settings import load
from stack.state.placement import place
from stack.state.services import SOCKET

SAMPLE = str(Path(__file__).parents[1] / "project")
NGINX, SUPERVISOR, WORKER, GUNICORN = 10, 20, 11, 21
"""Process numbers."""
MARKERS = (".unpacked", ".built", ".migrated")


@cache
def sample_target(**data: object) -> Target:
    """A host that runs the sample project."""
    env = {"SECRET_KEY": "s3cret"}
    settings = load({"source": SAMPLE, "env": env, **data}, "web1")
    return Target(settings, release=release_of(settings))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_of(file: Declared, changed: float) -> Entry:
    """What a path is like once it is as declared."""
    match file:
        case File(content=text, mode=mode):
            masked = masked_digest(text if isinstance(file, Site) else "")
            return Entry(
                *("file", mode, "root", "root", changed, changed),
                sha256=sha256(text),
                masked_sha256=masked,
            )
        case Directory(mode=mode, group=group):
            return Entry("directory", mode, "root", group, changed, changed)
        case _:
            return link(file.target, changed)


def entries_of(files: Iterable[Declared], changed: float) -> dict[str, Entry]:
    return {file.path: entry_of(file, changed) for file in files}


def link(target: str, changed: float = 1.0) -> Entry:
    return Entry("link", "777", "root", "root", changed, changed, target)


def home_entry(kind: str, mode: str, text: str = "") -> Entry:
    """Something of the project's user."""
    digest = sha256(text) if text else ""
    return Entry(kind, mode, "fooproject", "users", 1.0, 1.0, sha256=digest)


def program_id(target: Target) -> str:
    """The digest that the program's file carries."""
    return target.files.program.content.partition('PROGRAM_ID="')[2].partition('"')[0]


def converged(target: Target) -> Observation:
    """A host on which the release is live, and everything runs that is declared.

    It booted at 0; its files changed at 1, supervisord started at 2, Gunicorn at 3, Nginx at 4.
    """
    layout = target.layout
    bare = place(target, Observation(python="3.11"))
    user = {
        str(bare.folder): home_entry("directory", "711"),
        str(bare.virtualenv): home_entry("directory", "700"),
        str(bare.virtualenv / ".built"): home_entry("file", "600"),
        **{str(bare.folder / name): home_entry("file", "600") for name in MARKERS},
        str(bare.folder / "with-env"): home_entry("file", "700", bare.with_env),
        str(bare.folder / "manage"): home_entry("file", "700", bare.manage),
        str(bare.folder / "virtualenv"): link(f"../../.virtualenvs/{bare.virtualenv.name}"),
        str(layout.live): link(f"releases/{bare.folder.name}"),
        str(layout.virtualenv): link("../fooproject/virtualenv"),
    }
    identity = {
        "SUPERVISOR_PROCESS_NAME": "django",
        "PROGRAM_ID": program_id(target),
        "RELEASE_FOLDER": str(bare.folder),
        "VIRTUAL_ENV": str(bare.virtualenv),
    }
    return Observation(
        python="3.11",
        uptime=100.0,
        entries={
            **entries_of(target.files.all, changed=1.0),
            SOCKET: Entry("s", "770", "nobody", "nogroup", changed=2.0, modified=2.0),
            str(layout.logs / target.server.log): Entry("file", "644", "root", "root", 3.0, 3.0),
            **user,
        },
        nginx_changed=1.0,
        nginx_pid=str(NGINX),
        proxied_to=target.address,
        units={
            name: Unit("loaded", "active", "enabled", pid, changed=changed, drop_ins=(drop_in,))
            for name, pid, changed, drop_in in (
                ("nginx", NGINX, 4.0, NGINX_OUTLASTS.path),
                ("supervisor", SUPERVISOR, 2.0, SUPERVISOR_OUTLASTS.path),
            )
        },
        processes=(
            Process(WORKER, NGINX, "www-data", 4.0, ("nginx: worker process",)),
            Process(
                *(GUNICORN, SUPERVISOR, "fooproject", 3.0),
                ("gunicorn", "-b", "127.0.0.1:8000"),
                identity,
                3,
            ),
        ),
    )


def with_entry(seen: Observation, path: object, **change: Any) -> Observation:
    """The same host, but for what is at one path."""
    entries = dict(seen.entries)
    entries[str(path)] = replace(entries[str(path)], **change)
    return replace(seen, entries=entries)


def without(seen: Observation, path: object) -> Observation:
    """The same host with nothing at one path."""
    entries = {name: entry for name, entry in seen.entries.items() if name != str(path)}
    return replace(seen, entries=entries)


def with_unit(seen: Observation, name: str, **change: Any) -> Observation:
    """The same host, but for one of its units."""
    return replace(seen, units={**seen.units, name: replace(seen.units[name], **change)})


def with_process(seen: Observation, pid: int, **change: Any) -> Observation:
    """The same host, but for one of its processes."""
    processes = [replace(p, **change) if p.pid == pid else p for p in seen.processes]
    return replace(seen, processes=tuple(processes))
