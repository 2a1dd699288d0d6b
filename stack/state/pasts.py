"""What hosts of a run have served, and why they cannot go back together: pure functions of that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stack.inventory.naming import named


@dataclass(frozen=True)
class Past:
    """What a host serves, and can go back to; releases by the names of their folders."""

    live: str
    """Empty when it serves none."""
    before: str
    """The one that was live before; empty when there is none, or it is not known."""
    kept: tuple[str, ...]
    is_logged: bool = True
    """Whether the host's release log, as far as it was read, has the live one."""
    never_live: tuple[str, ...] = ()
    """Of what is kept, what was built there and has failed before it took over."""

    @property
    def told_before(self) -> str:
        """For a person, what was live before."""
        return self.before or ("none" if self.is_logged or not self.live else "not known")

    @property
    def ways(self) -> tuple[str, ...]:
        """The releases that it can go back to."""
        return tuple(one for one in self.kept if one not in {self.live, *self.never_live})


def why_not_back(pasts: Mapping[str, Past]) -> str:
    """Why the hosts of a run cannot all go back to what was live before; empty when they can.

    After a rollout that reached some of them, each would go back from another release to another
    one, the good hosts too.

    Args:
        pasts: those of its hosts, in the inventory's order.
    """
    first = next(iter(pasts.values()))
    alike = all(
        _is_same(first.live, other.live, first, other)
        and _is_same(first.before, other.before, first, other)
        for other in pasts.values()
    )
    if alike and first.before:
        return ""
    if alike:
        return "\n".join(f"{name} {_has_none(past)}" for name, past in pasts.items())
    return "\n".join(_mixed(pasts))


def _is_same(one: str, other: str, its: Past, others: Past) -> bool:
    """Whether two hosts mean one release by these names.

    Hosts whose `env` differs have releases of their own, of one version of the source, which no
    other keeps; and what was built anew has a number behind its name.
    """
    name, another = _id(one), _id(other)
    if name == another:
        return True
    of_its_own = name not in map(_id, others.kept) and another not in map(_id, its.kept)
    return of_its_own and name.partition("-")[0] == another.partition("-")[0]


def _id(folder: str) -> str:
    return "-".join(folder.split("-")[:2])


def _has_none(past: Past) -> str:
    what = "has no release before the live one"
    if past.live and not past.is_logged:
        lacking = "which the end of its release log lacks"
        what = f"does not know what was live before {past.live}, {lacking}"
    return f"{what}; {_told_ways(past)}{', with --data release=ID' if past.ways else ''}."


def _mixed(pasts: Mapping[str, Past]) -> Iterator[str]:
    """The refusal: what each serves, and the commands that do what may be meant."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name, past in pasts.items():
        groups.setdefault((past.live, past.before, past.told_before), []).append(name)
    yield (
        "The hosts of this run would not all go back from one release to one release. "
        "Nothing was changed."
    )
    for (live, _, before), names in groups.items():
        serves = f"serves {live}" if live else "serves no release"
        yield f"    {named(names, 'hosts')}  {serves}; before: {before}"
    everywhere = set.intersection(
        *({past.live, *past.ways} & {*past.kept} for past in pasts.values())
    )
    known = dict.fromkeys(name for its in groups for name in its[:2])
    back = [
        *(f"--data release={name}" for name in known if name in everywhere),
        *(
            f"{' '.join(f'--limit {name}' for name in names)}  (back to {before})"
            for (_, before, _), names in groups.items()
            if before
        ),
    ]
    if back:
        yield "Say which release all of them are to serve, or which of them are to go back:"
        yield from (f"    rollback.py {words}" for words in back)
    else:
        yield "They keep no release in common: run it for some of them, with --limit."


def why_not_to(past: Past, wanted: str, force: bool) -> str:
    """Why a host cannot go back to a release that a person has named; empty when it can.

    Args:
        wanted: the name of its folder.
        force: also to one that has never been live.
    """
    if wanted not in past.kept:
        return f"has no release {wanted}; {_told_ways(past)}."
    if wanted in past.never_live and not force:
        return (
            f"has built {wanted}, but it has never been live there; {_told_ways(past)}. "
            "To have it live, deploy it: deploy.py --data revision=REVISION."
        )
    return ""


def _told_ways(past: Past) -> str:
    if past.ways:
        return f"it can go back to {', '.join(past.ways)}"
    return "it keeps none that it could go back to"
