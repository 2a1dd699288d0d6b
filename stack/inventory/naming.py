"""Naming several hosts in the name of an operation."""

from collections.abc import Sequence

MOST_NAMED = 8
"""How many have room: pyinfra's tables are as wide as the longest name."""


def named(hosts: Sequence[str], what: str) -> str:
    """Hosts by their names or, where there are many, as a number of `what`."""
    if len(hosts) > MOST_NAMED:
        return f"{len(hosts)} {what}"
    return ", ".join(hosts) or "nobody"
