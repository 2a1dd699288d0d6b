"""Who listens at an address, by the kernel's own tables."""

import pwd
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

from . import unix_sockets
from .system import run

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
INODE = re.compile(r"\bino:([0-9]+)\b")
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
    at_port = [(listener, there) for listener, there, its in _all() if its == int(port)]
    of_both = [one for one in at_port if (wanted.version, one[1].version) == (4, 6)]
    # The tables do not say it, and to ask takes a program's start.
    apart = _of_ipv6_alone() if of_both else frozenset()
    return frozenset(
        listener
        for listener, there in at_port
        if meet(wanted, there) and listener.name not in apart
    )


def at_port(port: int, uid: int) -> list[IPv4Address | IPv6Address]:
    """The addresses at which an account listens to a port."""
    return [there for listener, there, its in _all() if (its, listener.uid) == (port, uid)]


def meet(wanted: IPv4Address | IPv6Address, there: IPv4Address | IPv6Address) -> bool:
    """Whether who listens at one address gets, or prevents, connections to the other."""
    if wanted.version == there.version:
        return there == wanted or there.is_unspecified or wanted.is_unspecified
    # All of IPv6 is all of IPv4 too, unless its socket says otherwise.
    return (wanted if wanted.version == 6 else there).is_unspecified


def _of_ipv6_alone() -> frozenset[str]:
    lines = run("ss", "-Hltne").splitlines()
    found = (INODE.search(line) for line in lines if "v6only:1" in line.split())
    return frozenset(f"socket:[{one[1]}]" for one in found if one)


def every_name() -> frozenset[str]:
    """Every socket of the host that listens, unix sockets too, as a link in /proc/PID/fd has it."""
    names = {listener.name for listener, _, _ in _all()}
    # What the kernel does not tell of is nobody's to be ended.
    with suppress(OSError):
        names |= {f"socket:[{inode}]" for inode in unix_sockets.listening()}
    return frozenset(names)


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
