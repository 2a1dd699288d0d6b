"""Whether visitors get a page in place of the site."""

from stack.host.files import digest
from stack.host.observation import Observation, Unit
from stack.inventory.roles import APP, LB
from stack.project.nginx_files import SITES_ENABLED
from stack.project.target import Target
from stack.state.reading import observe
from stack.state.services import has_read


def is_served(target: Target) -> bool:
    """Whether the current host has a site that reads what maintenance.py writes."""
    return target.files.link.path in observe(target).entries


def has_a_word(seen: Observation, target: Target) -> bool:
    """Whether the site was ever closed on a host, or opened."""
    return target.files.opened.path in seen.entries


def is_closed(seen: Observation, target: Target) -> bool:
    """Whether a host's visitors get the page, or would if any came; its roles say nothing of it."""
    entry = seen.entries.get(target.files.opened.path)
    # By what Nginx reads: another mode or owner closes no site.
    return entry is not None and entry.sha256 != digest(target.files.opened.content)


def runs_nginx(seen: Observation, target: Target) -> bool:
    """Whether Nginx is to run on a host, or does: one that has left the groups keeps it."""
    return _nginx_is_up(seen) or bool(target.roles & {APP, LB})


def is_unread(seen: Observation, target: Target) -> bool:
    """Whether Nginx runs with the page that it had, where no other task looks after it."""
    entry = seen.entries.get(target.files.opened.path)
    is_nobodys = not target.roles & {APP, LB}
    is_read = entry is None or has_read(seen, entry.changed)
    return is_nobodys and _nginx_is_up(seen) and not is_read


def _nginx_is_up(seen: Observation) -> bool:
    return seen.units.get("nginx", Unit()).active == "active"


def becomes_public(seen: Observation, target: Target) -> bool:
    """Whether visitors are to come to a host that so far has no site, or one behind balancers."""
    return target.is_public and (not _serves(seen, target) or is_behind_balancers(seen, target))


def _serves(seen: Observation, target: Target) -> bool:
    """Whether Nginx has a site of the project's, from whichever file.

    Not by what is written down, which comes first: a deployment may have failed in between. Nor by
    the link, which may be to what Debian serves.
    """
    asks = target.files.asks_for_maintenance
    return any(
        path.startswith(f"{SITES_ENABLED}/") and asks in text
        for path, text in seen.nginx_files.items()
    )


def is_behind_balancers(seen: Observation, target: Target) -> bool:
    """Whether a host serves the site to balancers so far: that file is for their app hosts."""
    return str(target.layout.nginx_drop_in) in seen.entries
