"""Whether visitors get a page in place of the site."""

from stack.project.target import Target
from stack.state.reading import observe


def is_served(target: Target) -> bool:
    """Whether the current host has a site that reads what maintenance.py writes."""
    return target.files.link.path in observe(target).entries


def is_closed(target: Target) -> bool:
    """Whether the current host's visitors get the page."""
    [empty] = target.files.no_maintenance
    entry = observe(target).entries.get(empty.path)
    return entry is not None and not empty.is_in_place(entry)
