"""Which database Django has been told of, to tell it from another."""

import os
from collections.abc import Mapping
from typing import Any

NAMES = ("NAME", "HOST", "PORT")


def identity(vendor: str, its: Mapping[str, Any]) -> list[str]:
    """What tells a database from others: its vendor, then the values of NAMES.

    Args:
        vendor: as Django's backend calls itself.
        its: the database's part of DATABASES.
    """
    return shared([vendor, *(str(its.get(name) or "") for name in NAMES)])


def shared(found: list[str]) -> list[str]:
    """The same with SQLite's file where it really is: each release leads there from its own."""
    vendor, name, *others = found
    return [vendor, os.path.realpath(name) if vendor == "sqlite" else name, *others]


def told(identity: list[str]) -> str:
    """A database, for a person: two servers may each have one of the same name."""
    _, name, host, port = identity
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{port}" if host and port else host or (port and f"port {port}")
    return f"{name} at {place}" if place else name
