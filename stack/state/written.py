"""What is out of sight, or gone, with a release that has written it into its own folder."""

import json
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath as Path

from stack.facts.written import SECONDS, Found, Written
from stack.project.target import Target
from stack.state.moving import how_to_move, moved
from stack.state.placement import Placement

UNREAD = f"could not be read to its end within {SECONDS} s"
SHOWN = 5
"""How many files are named in a line."""


def worth_keeping(target: Target, written: Written) -> tuple[str, ...]:
    """The files, relative to `src` where they lie in it, that the settings do not give up on.

    Static files of earlier releases are linked in by ourselves.
    """
    return _but_for(target, written.files, ("static", *target.settings.disposable))


def changed(target: Target, paths: Iterable[str]) -> tuple[str, ...]:
    """The same of what a release was built with, which static files are part of."""
    return _but_for(target, paths, target.settings.disposable)


def _but_for(target: Target, paths: Iterable[str], given_up: Sequence[str]) -> tuple[str, ...]:
    src = Path("source") / target.settings.src
    files = [Path(path) for path in paths]
    names = [file.relative_to(src) if src in file.parents else file for file in files]
    return tuple(
        str(name)
        for name in names
        if not any(
            fnmatchcase(str(part), pattern)
            for part in (name, *name.parents)
            for pattern in given_up
        )
    )


def refusal(here: Placement, live: str, found: Found | None) -> str:
    """Why no other release may take over from the live one; an empty string when it may."""
    target = here.target
    written = (
        found.get(str(target.layout.releases / live), Written()) if found is not None else None
    )
    if written is None:
        return (
            f"What the live release, {live}, has written into its own folder {UNREAD}, and the "
            f"next would not have it. Is the host short of memory, or does something end "
            f"{target.layout.user}'s processes? Run this again."
        )
    # Whoever tells of them may say anything.
    if shared := [path for path in target.settings.outliving if path in written.shared]:
        src = target.layout.live / "src"
        how = how_to_move(here, [moved(src / path, target.layout.shared / path) for path in shared])
        return f"The live release has {', '.join(shared)} in its own folder. {how}"
    files = worth_keeping(target, written)
    if not files:
        return ""
    src = Path("source") / target.settings.src
    tops = dict.fromkeys(_top(Path(name), src, written.folders) for name in files)
    keep, lose = _to_write(target, tops)
    return (
        f"The live release, {live}, has written files that the next would not have: "
        f"{_named(files)}. If they matter, write {keep}; if not, {lose}."
    )


def told_of_changed(target: Target, release: str, paths: Iterable[str]) -> str:
    """What is to be said of a release that is no longer as it was built.

    Args:
        release: its name.
        paths: what has changed, from its folder.
    """
    names = changed(target, paths)
    if not names:
        return f"{release} is no longer as it was built."
    shared, disposable = _to_write(target, names[:SHOWN])
    return (
        f"{release} is no longer as it was built: {_named(names)} changed. If the site itself "
        f"writes there, write {shared}, or {disposable} if that may be lost."
    )


def _to_write(target: Target, names: Iterable[str]) -> tuple[str, str]:
    given = {"shared": target.settings.shared, "disposable": target.settings.disposable}
    shared, disposable = (f"{k} = {json.dumps([*v, *names])}" for k, v in given.items())
    return shared, disposable


def kept(target: Target, folders: Iterable[str], found: Found | None) -> dict[str, str]:
    """Why old releases are not removed, by those of some folders that must stay."""
    reasons = {}
    for folder in folders:
        written = None if found is None else found.get(folder, Written())
        if written is None:
            reasons[folder] = f"{folder} stays: what it has written {UNREAD}."
        elif names := worth_keeping(target, written):
            reasons[folder] = (
                f"{folder} stays, as it has written files of its own: {_named(names)}."
            )
    return reasons


def _top(name: Path, src: Path, folders: Iterable[str]) -> str:
    """The folder that was added with a file in it, else the file."""
    for parent in reversed(name.parents[:-1]):
        if str(src / parent) in folders:
            return str(parent)
    return str(name)


def _named(files: tuple[str, ...]) -> str:
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return ", ".join(files[:SHOWN]) + more
