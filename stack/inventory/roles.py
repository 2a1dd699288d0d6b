"""What part a host plays, by the inventory's groups of that name: pure functions."""

from collections.abc import Collection, Mapping

APP = "app"
"""Runs the Django project."""
DB = "db"
"""Runs the database that the app hosts share."""
LB = "lb"
"""Balances visitors over the app hosts."""
ROLES = (APP, DB, LB)

Roles = Mapping[str, Collection[str]]
"""Those of each host, or its groups, by its name."""


def roles(groups: Roles) -> dict[str, frozenset[str]]:
    """The roles of each host, which may be several, or none.

    Args:
        groups: the names of the groups that each host is in, by the host's name. Where no host
            is in any that is named after a role, all are app hosts.
    """
    said = {host: frozenset(ROLES).intersection(its) for host, its in groups.items()}
    return said if any(said.values()) else dict.fromkeys(groups, frozenset({APP}))


def playing(role: str, roles: Roles) -> list[str]:
    """The hosts that play a role, in the inventory's order."""
    return [host for host, its in roles.items() if role in its]
