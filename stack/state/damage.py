"""Which releases are no longer as they were built: judged once in a run."""

from dataclasses import replace
from weakref import WeakKeyDictionary

from pyinfra.api.host import Host
from pyinfra.context import ctx_host

from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.written import changed

_judged: "WeakKeyDictionary[Host, dict[str, bool]]" = WeakKeyDictionary()


def as_judged(seen: Observation, target: Target) -> Observation:
    """The same with the damage to releases as it was when this run saw each for the first time.

    Where a run places a release, it stays to the end: a site that writes over a file of its own
    source would otherwise be damaged as soon as it is live, and another be wanted in its place.
    """
    parent = target.layout.releases
    told = (*seen.entries, *seen.damaged)
    releases = {path for path in told if path.rpartition("/")[0] == str(parent)}
    damaged = {
        path
        for path in releases
        if path in seen.damaged or changed(target, seen.changed.get(path, ()))
    }
    if seen.is_whole:
        known = _judged.setdefault(ctx_host.get(), {})
        for path in releases:
            known.setdefault(path, path in damaged)
        damaged = {path for path in releases if known[path]}
    judged = damaged | (seen.damaged - releases)
    return seen if judged == seen.damaged else replace(seen, damaged=frozenset(judged))
