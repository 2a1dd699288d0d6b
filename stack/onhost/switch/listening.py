"""Who listens at an address, by the kernel's own tables."""

import pwd
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LISTEN = "0A"
"""The state of a socket that listens, in those tables, which begin with them."""


class Listener(NamedTuple):
    """A socket that listens."""

    name: str
    """The kernel's, as a link in /proc/PID/fd has it."""
    uid: int
    """The account's that made it."""


def name_of(uid: int) -> str:
    """An account's name, for a person."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def listeners(bind: str) -> frozenset[Listener]:
    """The sockets that take connections to ADDRESS:PORT, or keep others from that address."""
    address, port = bind.rsplit(":", 1)
    wanted = ip_address(address.strip("[]"))
    return frozenset(
        listener
        for listener, there, there_port in _all()
        if there_port == int(port)
        and (there == wanted or there.is_unspecified or wanted.is_unspecified)
    )


def _all() -> Iterator[tuple[Listener, IPv4Address | IPv6Address, int]]:
    # A kernel without IPv6 has no second table.
    for table in (table for table in TABLES if table.exists()):
        with table.open() as lines:
            rows = (line.split() for line in islice(lines, 1, None))
            for row in takewhile(lambda row: row[3] == LISTEN, rows):
                address, port = row[1].split(":")
                listener = Listener(f"socket:[{row[9]}]", int(row[7]))
                yield listener, _address(address), int(port, 16)


def _address(digits: str) -> IPv4Address | IPv6Address:
    """An address from the kernel's words of four bytes, each in the machine's order."""
    words = (bytes.fromhex(digits[at : at + 8]) for at in range(0, len(digits), 8))
    packed = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    found = ip_address(packed)
    return getattr(found, "ipv4_mapped", None) or found
