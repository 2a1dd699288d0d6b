"""Releases of before: what the live one has written, and those that are not kept."""

from collections.abc import Callable, Collection
from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import release as commands
from stack.facts.media import MediaAccess
from stack.facts.written import Asked, written_into
from stack.operations.foretold import refuse_foretold
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state import by_hand, uploads
from stack.state.history import live_folder
from stack.state.placement import Placement, place
from stack.state.reading import observe
from stack.state.room import gone_for_room, lacks_room
from stack.state.superfluous import superfluous
from stack.state.written import kept, refusal, told_of_changed

ROOM_SECONDS = 60
"""How long the room is waited for that old releases take."""


@operation()
def nothing_left_behind(target: Target) -> Commands:
    """Have no release take over from one whose own folder holds files that are nowhere else."""
    here = place(target, observe(target))
    if problem := by_hand.in_the_way(here):
        yield from refuse_foretold(problem)
        return
    live = live_folder(here)
    if live and live != here.folder.name:
        folder = target.layout.releases / live
        if not state.is_executing and str(folder) in here.seen.damaged:
            told = told_of_changed(target, live, here.seen.changed.get(str(folder), ()))
            host.log(f"{told} Another takes its place, without these changes")
        found = written_into(Asked(target.layout, [folder], target.settings.outliving))
        if problem := refusal(here, live, found):
            yield from refuse_foretold(problem)
            return
    if before := uploads.moved_from(here.seen, target):
        if not target.settings.media_root:
            host.log(f"Visitors will no longer get uploads: media_root was {before}, now empty.")
        elif host.get_fact(MediaAccess, layout=target.layout, media=before):
            yield from refuse_foretold(uploads.refusal(target, before))
            return
    host.noop("the live release has written nothing of its own")


@operation()
def room_made(target: Target) -> Commands:
    """Have those gone that are not to be kept, where the release to come has no room beside them.

    Elsewhere they go at the end, once it is live.
    """
    here = place(target, observe(target))
    if old := _going_first(here):
        yield from changing(target, commands.remove(target.layout, old, ROOM_SECONDS))
    else:
        host.noop("there is room, or nothing that could make it")


@operation()
def old_ones_removed(target: Target) -> Commands:
    """Have no more releases than are to be kept, and no virtualenvs that none of them needs."""
    here = place(target, observe(target))
    old = _without_written(here, lambda besides: superfluous(here, besides, state.is_executing))
    if not state.is_executing:
        first = _going_first(here)
        old = [path for path in old if path not in first]
    if old:
        yield from changing(target, commands.remove(target.layout, old))
    else:
        host.noop("no old releases")


def _going_first(here: Placement) -> list[str]:
    """What goes before the release comes: nothing, unless that has no room beside it."""
    is_there = here.has(".unpacked") and here.has_virtualenv
    if is_there or not lacks_room(here):
        return []
    keep = here.target.settings.keep_releases
    return _without_written(here, lambda besides: gone_for_room(here, keep, besides))


def _without_written(here: Placement, old: Callable[[Collection[str]], list[str]]) -> list[str]:
    """What can go, but for releases with files of their own, of which it is told why they stay.

    Args:
        old: what could go, without those that stay whatever they are.
    """
    target, paths = here.target, old(())
    folders = [Path(path) for path in paths if Path(path).parent == target.layout.releases]
    if not folders or not here.seen.user:
        return paths
    reasons = kept(target, map(str, folders), written_into(Asked(target.layout, folders)))
    for reason in reasons.values():
        host.log(reason)
    return old(reasons)
