"""Which release a run goes back to: one for all of its hosts, or none at all."""

from dataclasses import dataclass

from pyinfra import host, state
from pyinfra.api.exceptions import DeployError

from stack.inventory.hosts import hosts_of_run
from stack.project.target import Target
from stack.state.history import all_kept, before_live, live_folder, never_live
from stack.state.pasts import Past, why_not_back, why_not_to
from stack.state.placement import Placement, place
from stack.state.reading import observe


@dataclass(frozen=True)
class _Way:
    """What a host served when its way back was chosen, and what it is to serve."""

    live: str
    to: str


_pasts: dict[str, Past] = {}
_ways: dict[str, _Way] = {}


def release_to_go_back_to(target: Target, wanted: str, force: bool) -> str:
    """The name of the folder of the release that the current host is to go back to.

    Where it hangs on other hosts of the run, the last of them to be planned raises the error, and
    for those that have nothing to go back to the name is empty until then.

    Args:
        wanted: a release that is kept; empty for the one that was live before.
        force: also to one that has never been live.

    Raises:
        DeployError: there is no such release, or not the same on all hosts of the run; says what
            there is, and what to write.
    """
    here = place(target, observe(target))
    past = _past(here)
    if wanted:
        if problem := why_not_to(past, wanted, force):
            raise DeployError(f"{host.name} {problem}")
        _ways[host.name] = _Way(past.live, wanted)
        return wanted
    _pasts[host.name] = past
    of_run = [one.name for one in hosts_of_run() if one in state.active_hosts]
    if all(name in _pasts for name in of_run) and (
        problem := why_not_back({name: _pasts[name] for name in of_run})
    ):
        raise DeployError(problem)
    _ways[host.name] = _Way(past.live, past.before)
    return past.before


def changed_since(target: Target, wanted: str) -> str:
    """What the current host has become since its way back was chosen; empty where that holds.

    A run waits for a person's yes, and then for a command of a run that was cut. Whatever has gone
    live meanwhile, nobody has said what to do about it.

    Args:
        wanted: a release that is kept; empty for the one that was live before.
    """
    now, was = _past(place(target, observe(target))), _ways[host.name]
    if now.live != was.live:
        return f"serves {now.live or 'no release'}, and {was.live or 'none'} when this was planned"
    if was.to not in now.kept:
        return f"no longer keeps {was.to}"
    if not wanted and now.before != was.to:
        before = now.before or "none"
        return f"served {before} before {now.live}, and not {was.to} as when this was planned"
    return ""


def _past(here: Placement) -> Past:
    live, kept = live_folder(here), all_kept(here)
    is_logged = any((one.release, one.result) == (live, "live") for one in here.seen.log)
    return Past(live, before_live(here), kept, is_logged, never_live(here, kept))
