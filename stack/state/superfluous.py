"""What can be cleared away: a pure function of what was read of a host."""

import re
from collections.abc import Collection

from stack.host.observation import Observation
from stack.state.history import before_live, live_folder
from stack.state.placement import Placement, named_by

VIRTUALENV = re.compile(r"\.[0-9a-f]+-.*")
"""The name of a virtualenv of ours; what else is there is the user's."""


def superfluous(
    place: Placement, besides: Collection[str] = (), switched: bool = False
) -> list[str]:
    """What can go once the release is live: old releases, and virtualenvs that none needs.

    The release itself stays, and of the others the newest, `keep_releases` in all, the one that
    is live now and the one before it first. What was damaged or never finished goes too.

    Args:
        besides: paths of releases that stay, whatever they are.
        switched: whether the release is live by now. What ~/PROJECT leads to stays, and so does
            the virtualenv of that, though either may have been damaged since it was built, by the
            release itself.
    """
    target, seen = place.target, place.seen
    folders = _folders(seen, str(target.layout.releases))
    whole = [p for p in folders if f"{p}/.built" in seen.entries and p not in seen.damaged]
    spared = {
        str(target.layout.releases / name) for name in (live_folder(place), before_live(place))
    }
    others = [path for path in whole if path != str(place.folder)]
    others.sort(
        key=lambda path: (path in spared, seen.entries[f"{path}/.built"].modified), reverse=True
    )
    others = others[: max(target.settings.keep_releases, 2) - 1]
    others += [path for path in folders if path in besides and path not in others]
    live = str(target.layout.releases / live_folder(place))
    if switched and live in folders and live not in others:
        others.append(live)
    leading = [str(place.folder), *others] if switched else others
    used = {place.virtualenv.name} | {
        named_by(seen.entries.get(f"{path}/virtualenv")) for path in leading
    }
    virtualenvs = [
        path
        for path in _folders(seen, str(target.layout.virtualenvs))
        if VIRTUALENV.fullmatch(path.rpartition("/")[2]) and path.rpartition("/")[2] not in used
    ]
    kept = {str(place.folder), *others}
    return sorted([path for path in folders if path not in kept] + virtualenvs)


def _folders(seen: Observation, parent: str) -> list[str]:
    """What stands there; also a file, where somebody has put it in a folder's place."""
    return [
        path
        for path, entry in seen.entries.items()
        if path.rpartition("/")[0] == parent and entry.kind in ("directory", "file")
    ]
