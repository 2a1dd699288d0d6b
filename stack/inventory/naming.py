"""Several hosts in the name of an operation."""

from collections.abc import Sequence

MOST_NAMED = 8
"""How many have room: pyinfra's tables are as wide as the longest name."""


def named(hosts: Sequence[str], what: str) -> str:
    """Hosts by what they are called, or as so many of `what` they are."""
    if len(hosts) > MOST_NAMED:
        return f"{len(hosts)} {what}"
    return ", ".join(hosts) or "nobody"
