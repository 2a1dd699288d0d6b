"""Where a release has what visitors see and write: its databases, and its folders of files."""

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connections

from .identity import identity, told
from .lasting import folders, in_this_release
from .sqlite import sqlite_path

DEFAULT = 'DATABASES["default"]'
PORTS = {"postgresql": "5432", "mysql": "3306"}
"""Where servers listen that are named without a port."""


def data() -> dict[str, str]:
    """Where each is, for a person, by what it is; without a password."""
    release = Path(os.environ["RELEASE_FOLDER"])
    databases = {f'DATABASES["{alias}"]': _database(alias, release) for alias in connections}
    return databases | {what: _place(path, release) for what, path in folders().items()}


def elsewhere(here: Mapping[str, str], live: Mapping[str, str]) -> Iterator[str]:
    """A line for each place that differs, of what both releases have.

    Args:
        here: `data` of this release.
        live: that of the live one.
    """
    moved: dict[tuple[str, str], str] = {}
    for what, place in here.items():
        # Many fields may keep their files in one folder.
        moved.setdefault((place, live.get(what, place)), what)
    for (place, of_live), what in moved.items():
        if place != of_live:
            yield f"{what} is {place}, and of the live release {of_live}."


def _database(alias: str, release: Path) -> str:
    vendor, its = connections[alias].vendor, connections[alias].settings_dict
    if vendor != "sqlite":
        _, name, host, port = identity(vendor, its)
        where = "localhost" if _is_here(host) else host
        return f"{vendor} {told([vendor, name, where, port or PORTS.get(vendor, '')])}"
    path = sqlite_path(str(its["NAME"]))
    if not path:
        return "sqlite in memory"
    return f"sqlite {_place(in_this_release(release / 'src' / path, release), release)}"


def _is_here(host: str) -> bool:
    """Whether a server's name, or the folder of its socket, is this host's: it may have many."""
    if not host or host.startswith("/"):
        return True
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(_can_listen(family, address) for family, *_, address in found)


def _can_listen(family: int, address: Any) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as one:
        try:
            one.bind(address)
        except OSError:
            return False
    return True


def _place(path: Path, release: Path) -> str:
    """A path; of what goes with each release, from there, so that all have the same."""
    its = release.resolve()
    return f"{path.relative_to(its)} of its folder" if its in path.parents else str(path)
