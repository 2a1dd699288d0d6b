"""Checks of what a person adds to the site's own lines of Nginx's."""

import re
from types import MappingProxyType
from typing import Annotated

from stack.settings.check import Check


def _value(value: str) -> str:
    # In quotes Nginx still reads these.
    if not value.isascii() or not value.isprintable() or set(value) & set('"\\$'):
        raise ValueError
    return value


# Said of one answer, or of one connection, by whoever makes it: in all answers they break framing,
# keep clients from asking again, or contradict the one that is there. A balancer obeys X-Accel-.
OF_ONE_ANSWER = frozenset(
    "accept-ranges age connection content-encoding content-length content-range content-type date "
    "etag http2-settings keep-alive last-modified location proxy-authenticate proxy-connection "
    "server status te trailer transfer-encoding upgrade www-authenticate".split()
)


def _name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        raise ValueError
    if name.lower() in OF_ONE_ANSWER or name.lower().startswith("x-accel-"):
        raise ValueError("is set by Nginx or the app for each answer; expected another header")
    return name


NAME = Check("the name of a header, such as Referrer-Policy", _name)
VALUE = Check('text without " \\ and $', _value)
Headers = Annotated[
    dict[Annotated[str, NAME], Annotated[str, VALUE]],
    Check("a dict of names and values of headers", MappingProxyType),
]
