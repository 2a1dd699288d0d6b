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


def _name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        raise ValueError
    return name


NAME = Check("the name of a header, such as Referrer-Policy", _name)
VALUE = Check('text without " \\ and $', _value)
Headers = Annotated[
    dict[Annotated[str, NAME], Annotated[str, VALUE]],
    Check("a dict of names and values of headers", MappingProxyType),
]
