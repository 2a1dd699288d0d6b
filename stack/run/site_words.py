"""Whether the site is closed on the other hosts: for one to which visitors are to come, or come no
more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gevent.lock import RLock
from pyinfra import host, inventory, state
from pyinfra.api.host import Host
from pyinfra.context import ctx_host

from stack.facts.site_word import CLOSED, NEW, UNTOLD, SiteWord
from stack.host.files import File
from stack.inventory.hosts import roles_of_hosts
from stack.inventory.naming import named
from stack.project.layout import Layout
from stack.project.target import Target
from stack.settings.tls import public_hosts
from stack.state.maintenance import becomes_public, is_behind_balancers, is_closed
from stack.state.reading import observe

_one_at_a_time = RLock()


@dataclass(frozen=True)
class Told:
    """What the hosts of the inventory say, by their names."""

    is_closed: bool
    """Whether any is."""
    serving: frozenset[str]
    """Those to which visitors come today, or came."""
    unread: Sequence[str]
    unsure: Sequence[str]
    """Those to which visitors are to come, who may get the page or the site."""


def stays_closed(target: Target) -> bool:
    """Whether the site is closed where visitors come today, and they are to come to the current
    host; what could not be read of it, a plan says."""
    seen = observe(target)
    if is_closed(seen, target) or not becomes_public(seen, target):
        return False
    told = _told(target)
    if told.is_closed:
        return True
    if told.unread:
        who = f"{named(told.unread, 'hosts')}, which this run does not read"
    elif is_behind_balancers(seen, target) and not told.serving - {host.name}:
        who = "the balancers that it was behind, which this inventory does not have"
    else:
        return False
    host.log(
        f"{host.name} will serve the site to visitors. Should it be closed on {who}, close it "
        "here too: maintenance.py --data on=True"
    )
    return False


def opens_behind(target: Target) -> bool:
    """Whether the current host sends away visitors who are to be sent away elsewhere, or not at
    all; where that is not known, it goes on, and a plan says so."""
    if target.is_public or not is_closed(observe(target), target):
        return False
    unsure = _told(target).unsure
    if unsure:
        host.log(
            f"{host.name} stays closed, where no visitor comes any more: {named(unsure, 'hosts')} "
            "may send them here, and was not told whether the site is closed. Run it for all hosts "
            "after maintenance.py --data on=True or on=False"
        )
    return not unsure


def _told(target: Target) -> Told:
    # Many hosts may ask for it at once, and one reading is for them all.
    with _one_at_a_time:
        return _read(target.layout, target.files.opened, target.files.asks_for_maintenance)


@cache
def _read(layout: Layout, opened: File, asks: str) -> Told:
    words = {one.name: _word(one, layout, opened, asks) for one in inventory}
    return summed_up(words, public_hosts(roles_of_hosts()))


def _word(one: Host, layout: Layout, opened: File, asks: str) -> str:
    if not state.is_host_in_limit(one) or not one.connected:
        return ""
    with ctx_host.use(one):
        told: str | None = host.get_fact(
            SiteWord, layout=layout, path=opened.path, text=opened.content, asks=asks
        )
    return told or ""


def summed_up(words: Mapping[str, str], public: Iterable[str]) -> Told:
    """What hosts say.

    Args:
        words: one of SiteWord's for each host; empty for one that was not read.
        public: the hosts to which visitors are to come.
    """
    return Told(
        CLOSED in words.values(),
        frozenset(name for name, word in words.items() if word not in ("", NEW)),
        [name for name, word in words.items() if not word],
        [name for name in public if words[name] in ("", UNTOLD)],
    )
