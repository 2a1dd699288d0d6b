"""What root has written down of each project that a host has: a pure function of those files."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath as Path

from stack.host.printable import printable

RECORDS = ("switch.json", "balancer.json", "database.json", "server.json")
"""The files in /usr/local/lib/PROJECT, for each part that a host may play, and of it as a whole."""


@dataclass(frozen=True)
class Project:
    """A project of ours on a host, this run's or another."""

    name: str
    names: tuple[str, ...] = ()
    """Those of its site; empty where an earlier version has not written them down."""
    site: str = ""
    """The path of its file in sites-available; empty where it has none."""
    program: str = ""
    program_file: str = ""
    programs: tuple[str, ...] = ()
    """What Supervisor runs beside its site."""
    bind: str = ""
    has_tls: bool = False
    has_database: bool = False
    """Whether PostgreSQL on this host is the project's."""
    automatic_updates: bool = False
    """Whether it asks for security updates that install themselves."""
    swap: str = ""
    """The size of the swap file that it asks for."""
    firewall: bool = False
    """Whether it asks for one."""


def projects_of(files: Iterable[tuple[str, str]]) -> tuple[Project, ...]:
    """The projects, by their names, from paths and texts of RECORDS."""
    told: dict[str, dict[str, object]] = {}
    for path, text in files:
        its = told.setdefault(Path(path).parent.name, {})
        try:
            found = json.loads(text)
        except ValueError:
            continue  # it is there, whatever has become of the file
        if isinstance(found, dict):
            its.update(found)
    return tuple(_project(name, told[name]) for name in sorted(told))


def _project(name: str, told: dict[str, object]) -> Project:
    return Project(
        name,
        names=_words(told.get("names")),
        site=_word(told.get("site_file")),
        program=_word(told.get("program")),
        program_file=_word(told.get("program_file")),
        programs=_words(told.get("programs")),
        bind=_word(told.get("bind")),
        has_tls=told.get("tls") is True,
        has_database=told.get("database") is True,
        automatic_updates=told.get("automatic_updates") is True,
        swap=_word(told.get("swap")),
        firewall=told.get("firewall") is True,
    )


def _word(value: object) -> str:
    return printable(value) if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(_word, value)) if isinstance(value, list) else ()
