"""A site that a person has made, in whose place a release is to be: what would go with it."""

from collections.abc import Sequence

from pyinfra import host

from stack.facts.unshared import SECONDS, Unshared, UnsharedPaths
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.moving import copied, how_to_move, linked, moved
from stack.state.placement import Placement

ARTICLES_SRC = "src"
"""Where the article's set-up has manage.py, in ~/PROJECT."""


def is_there(seen: Observation, target: Target) -> bool:
    """Whether ~/PROJECT is a folder, and no link to a release."""
    entry = seen.entries.get(str(target.layout.live))
    return entry is not None and entry.kind == "directory"


def folders(target: Target) -> tuple[str, ...]:
    """Where manage.py may be in it, from the folder."""
    return tuple(dict.fromkeys((ARTICLES_SRC, target.settings.src)))


def in_the_way(here: Placement) -> str:
    """Why no release may take the place of one on the current host; an empty string when it may."""
    # Whose account is gone gets it back first.
    if not here.seen.user or not is_there(here.seen, here.target):
        return ""
    found: list[Unshared] | None = host.get_fact(
        UnsharedPaths,
        layout=here.target.layout,
        folders=folders(here.target),
        shared=here.target.settings.outliving,
    )
    return _refusal(here, found)


def _refusal(here: Placement, found: Sequence[Unshared] | None) -> str:
    target = here.target
    live, shared, user = target.layout.live, target.layout.shared, target.layout.user
    if found is None:
        return (
            f"{live} is no release, and what it holds and {shared} does not could not be read "
            f"to its end within {SECONDS} s. Is the host short of memory, or does something end "
            f"{user}'s processes? Run this again."
        )
    # Whoever tells of them may say anything.
    found = [
        one
        for one in found
        if one.folder in folders(target) and one.path in target.settings.outliving
    ]
    if not found:
        return ""
    named = ", ".join(str(live / one.folder / one.path) for one in found)
    how = how_to_move(here, [_moved(target, one) for one in found])
    return (
        f"{live} is a folder that no deployment has made, and is to be put aside; {named} would "
        f"be moved aside too. {how}."
    )


def _moved(target: Target, one: Unshared) -> str:
    """The commands that have it in what is shared, where the site goes on with it."""
    ways = {"copy": copied, "link": linked}
    own, there = target.layout.live / one.folder / one.path, target.layout.shared / one.path
    return ways.get(one.how, moved)(own, there)
