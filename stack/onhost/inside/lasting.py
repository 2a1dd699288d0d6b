"""Where a project keeps what has to outlive its release, and whether it does."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connections
from django.db.models import FileField

from .sqlite import sqlite_path
from .storing import is_in_files

MEDIA = "MEDIA_ROOT"
BELOW = (
    "only what is below can be shared. Have it there, by a variable in env, or by a settings "
    "module that the setting files brings, as look.py prints one."
)
FILE_SESSIONS = "django.contrib.sessions.backends.file"


@dataclass(frozen=True)
class Kept:
    """A place where a project keeps something."""

    what: str
    path: Path
    is_file: bool = False


def lost() -> list[str]:
    """Lines about what the next release would not have; the last has the setting to write.

    What is shared, and not there yet, is made so that the project can make it.
    """
    release = Path(os.environ["RELEASE_FOLDER"])
    src, releases = (release / "src").resolve(), release.parent.resolve()
    lines: list[str] = []
    found: dict[str, Kept] = {}
    known: set[Path] = set()
    for kept in _all_kept(src):
        path = in_this_release(kept.path, release)
        if not known.isdisjoint((path, *path.parents)):
            continue
        known.add(path)
        if kept.what == MEDIA and os.environ.get("MEDIA"):
            _prepare(path, kept, releases.parent / "shared")
            continue  # where it has to be is another check's
        if releases not in path.parents:
            _prepare(path, kept, releases.parent / "shared")
            continue
        lines.append(f"{kept.what} is {path.relative_to(release.resolve())} of this release.")
        if src in path.parents:
            found.setdefault(_to_share(path, kept, src), kept)
        else:
            lines.append(f"It lies outside src ({src.name}), and {BELOW}")
    if found:
        shared = json.loads(os.environ["SHARED"])
        wanted = json.dumps(_with([*found], shared))
        lines.append(f"The next release would not have it. Write: shared = {wanted}")
        lines += _served(found, shared)
    return lines


def unwritable() -> Iterator[str]:
    """Lines about folders outside of the releases into which nothing can be written."""
    for path, what in {path: what for what, path in folders().items()}.items():
        there = next(one for one in (path, *path.parents) if os.path.exists(one))
        if not os.access(there, os.W_OK | os.X_OK):
            lacks = "write there" if there == path else f"make it in {there}"
            may_not = f"{os.environ['USER']} may not {lacks}"
            yield f"FILES CANNOT BE KEPT: {what} is {path}, and {may_not}."


def folders() -> dict[str, Path]:
    """Where the project keeps files once this release is live, by what is kept there."""
    release = Path(os.environ["RELEASE_FOLDER"])
    kept = (one for one in _all_kept((release / "src").resolve()) if not one.is_file)
    return {one.what: in_this_release(one.path, release) for one in kept}


def _served(found: dict[str, Kept], shared: list[str]) -> Iterator[str]:
    """What to write in place of that where Nginx is to serve the uploads."""
    for media in [path for path, kept in found.items() if kept.what == MEDIA]:
        others = json.dumps(_with([path for path in found if path != media], shared))
        yield (
            "Or, for Nginx to serve the uploads to everybody, write in place of that: "
            f"media_root = {json.dumps(media)} and shared = {others}"
        )


def _all_kept(src: Path) -> Iterator[Kept]:
    for alias in connections:
        name = str(connections[alias].settings_dict.get("NAME") or "")
        if connections[alias].vendor == "sqlite" and (path := sqlite_path(name)):
            yield Kept(f'The SQLite database of DATABASES["{alias}"]', src / path, is_file=True)
    if settings.MEDIA_ROOT and is_in_files(default_storage):
        yield Kept(MEDIA, src / settings.MEDIA_ROOT)
    if settings.SESSION_ENGINE == FILE_SESSIONS and settings.SESSION_FILE_PATH:
        yield Kept("SESSION_FILE_PATH", src / settings.SESSION_FILE_PATH)
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and is_in_files(field.storage):
                yield from _of_field(f"Where {model._meta.label}.{field.name} keeps files", field)


def _of_field(what: str, field: FileField) -> Iterator[Kept]:
    location = Path(field.storage.location)
    if not (location / "manage.py").exists():
        yield Kept(what, location)
        return
    # Django's own default is the current folder, where the code is.
    name = field.upload_to if isinstance(field.upload_to, str) else ""
    first = name.strip("/").partition("/")[0]
    if first and "%" not in first:
        yield Kept(what, location / first)


def in_this_release(path: Path, release: Path) -> Path:
    """Where a path leads once this release is live, though it may name ~/PROJECT."""
    live = release.parent.parent / os.environ["USER"]
    if live in path.parents:
        path = release / path.relative_to(live)
    return path.resolve()


def _to_share(path: Path, kept: Kept, src: Path) -> str:
    """What to share, relative to src: SQLite's file with its folder, where that has no code."""
    folder = path.parent
    if kept.is_file and folder != src and "." not in folder.name[1:]:
        names = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
        if all(name.startswith(path.name) for name in names):
            path = folder
    return str(path.relative_to(src))


def _with(found: list[str], shared: list[str]) -> list[str]:
    """All that is to be shared, once; a folder stands for what is in it."""
    every = [Path(name) for name in dict.fromkeys([*shared, *found])]
    return [str(one) for one in every if not any(other in one.parents for other in every)]


def _prepare(path: Path, kept: Kept, shared: Path) -> None:
    """Have what a link into ~/shared leads to, as far as its name has not told what it is."""
    if shared not in path.parents:
        return
    if not kept.is_file:
        path.mkdir(parents=True, exist_ok=True)
    elif path.is_dir() and not any(path.iterdir()):
        path.rmdir()
