"""Where a release has what visitors see and write: its databases, and its folders of files."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import connections

from .identity import identity, told
from .lasting import folders, in_this_release
from .sqlite import sqlite_path

DEFAULT = 'DATABASES["default"]'


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
        return f"{vendor} {told(identity(vendor, its))}"
    path = sqlite_path(str(its["NAME"]))
    if not path:
        return "sqlite in memory"
    return f"sqlite {_place(in_this_release(release / 'src' / path, release), release)}"


def _place(path: Path, release: Path) -> str:
    """A path; of what goes with each release, from there, so that all have the same."""
    its = release.resolve()
    return f"{path.relative_to(its)} of its folder" if its in path.parents else str(path)
