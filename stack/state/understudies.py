"""What a switch that was cut has left of an understudy: pure functions of what was read."""

from pathlib import PurePosixPath as Path

from stack.host.observation import Observation
from stack.onhost.switch import former
from stack.project.layout import Layout


def units(seen: Observation, layout: Layout) -> list[str]:
    """Its units, of whichever version."""
    now, before = layout.understudies
    return [
        Path(path).name
        for path in seen.entries
        if path.startswith(now)
        or (path.startswith(before) and former.is_unit(layout.user, Path(path).name))
    ]


def former_folders(seen: Observation, layout: Layout) -> list[str]:
    """Where one of an earlier version listened; another project may have a folder of that name."""
    path = str(layout.former_sockets)
    entry = seen.entries.get(path)
    is_its = entry is not None and (entry.kind, entry.owner) == ("directory", layout.user)
    return [path] if is_its else []
